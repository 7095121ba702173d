import type { WorkoutDetailInput } from '#libs/model';
import type { Attributes, ExportWorkout } from './export-elements.js';
import { numberIn } from './export-units.js';

type Measure = 'average' | 'minimum' | 'maximum' | 'sum';

/** The details that the statistics of a workout, and its own totals, tell. Units as stored. */
export function statisticsDetail({ attributes, statistics, metadata }: ExportWorkout): Partial<WorkoutDetailInput> {
  const read = new Statistics(statistics);
  const active = read.total(/ActiveEnergyBurned$/, 'kcal') ?? inUnit(attributes, 'totalEnergyBurned', 'kcal');
  const basal = read.total(/BasalEnergyBurned$/, 'kcal');
  return {
    heartRateMin: whole(read.first(/HeartRate$/, 'minimum', 'bpm')),
    heartRateMax: whole(read.first(/HeartRate$/, 'maximum', 'bpm')),
    heartRateAvg: read.first(/HeartRate$/, 'average', 'bpm'),
    energyBurned: active === null && basal === null ? null : (active ?? 0) + (basal ?? 0),
    distance: read.total(/Distance/, 'meters') ?? inUnit(attributes, 'totalDistance', 'meters'),
    stepsCount: whole(read.total(/StepCount$/, 'count')),
    averageSpeed: read.first(/(Running|Cycling)Speed$/, 'average', 'm_per_s'),
    maxSpeed: read.first(/(Running|Cycling)Speed$/, 'maximum', 'm_per_s'),
    averageWatts: read.first(/(Running|Cycling)Power$/, 'average', 'watts'),
    totalElevationGain: lengthOf(metadata.get('HKElevationAscended')),
  };
}

const whole = (value: number | null): number | null => (value === null ? null : Math.trunc(value));

class Statistics {
  constructor(private readonly list: readonly Attributes[]) {}

  first(type: RegExp, measure: Measure, unit: string): number | null {
    return this.values(type, measure, unit)[0] ?? null;
  }

  /** Several statistics of a kind are parts of one whole: the distances of a triathlon. */
  total(type: RegExp, unit: string): number | null {
    const values = this.values(type, 'sum', unit);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  }

  private values(type: RegExp, measure: Measure, unit: string): number[] {
    return this.list.flatMap((statistic) => {
      if (!type.test(statistic['type'] ?? '')) return [];
      return numberIn(statistic[measure], statistic['unit'], unit) ?? [];
    });
  }
}

const inUnit = (attributes: Attributes, name: string, unit: string): number | null =>
  numberIn(attributes[name], attributes[`${name}Unit`], unit);

/** Metadata such as `5234 cm`, in meters. */
function lengthOf(text: string | undefined): number | null {
  const [number, unit] = text?.trim().split(/\s+/) ?? [];
  return numberIn(number, unit, 'meters');
}
