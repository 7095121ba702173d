import type { LocalDate } from '#libs/model';
import { SUMMED_SERIES, type SummedMetric } from './activity-summary.sql.js';
import type { Pulse, SourceFigures, StepMinutes, ZoneMinutes } from './activity-figures.js';
import { byRank, type RankedSource, type RankedSources } from './ranked-sources.js';
import { roundHalfEven } from './rounding.js';
import { type Candidate, type Choice, chooseSource } from './source-choice.js';

/** One day of activity, every metric from the best source that has it. Units: m, kcal, min, bpm. */
export interface ActivityDay {
  readonly date: LocalDate;
  readonly source: RankedSource;
  readonly steps: number;
  readonly distanceMeters: number | null;
  readonly floorsClimbed: number | null;
  readonly elevationMeters: number | null;
  readonly activeCalories: number;
  readonly totalCalories: number;
  readonly activeMinutes: number | null;
  readonly sedentaryMinutes: number | null;
  readonly intensity: ZoneMinutes | null;
  readonly heartRate: { readonly avg: number; readonly max: number; readonly min: number } | null;
  /** Which source won each metric, and why. */
  readonly choices: Readonly<Record<string, Choice>>;
}

/** What one source's workouts climbed on one day. */
export interface ElevationRow extends Record<string, unknown> {
  source_id: string;
  local_date: LocalDate;
  elevation: number;
}

interface SourceDay extends Candidate {
  readonly row: SourceFigures;
  readonly minutes: StepMinutes | null;
}

const METRICS = Object.keys(SUMMED_SERIES) as SummedMetric[];
const METERS_PER_FLOOR = 3;

/**
 * A day out of what each source knows about it. Null when none of the sources is known.
 *
 * @param rows at least one, all of one date
 * @param climbs of the same date, possibly of other sources
 */
export function activityDay(
  rows: readonly SourceFigures[],
  climbs: readonly ElevationRow[],
  ranks: RankedSources,
): ActivityDay | null {
  const sources = byRank(rows, ranks).map(sourceDay);
  if (sources.length === 0) return null;
  const choices: Record<string, Choice> = {};
  const choose = <T extends Candidate>(
    metric: string,
    candidates: readonly T[],
    has: (candidate: T) => boolean,
    isWeak?: (candidate: T) => boolean,
  ): T | null => {
    const found = chooseSource(candidates, has, isWeak);
    if (found) choices[metric] = found.choice;
    return found?.winner ?? null;
  };
  const sum = (metric: SummedMetric, name: string): number | null => {
    const winner = choose(
      name,
      sources,
      ({ row }) => totalOf(row, metric) !== null,
      ({ row }) => isZeroTotal(row, metric),
    );
    return winner && totalOf(winner.row, metric);
  };

  const best = sources.find((source) => !hasOnlyZeroTotals(source)) ?? sources[0]!;
  const steps = sum('steps', 'steps');
  const active = sum('activeEnergy', 'active_calories');
  const basal = sum('basalEnergy', 'basal_calories');
  const distance = sum('distance', 'distance');
  const flights = sum('flights', 'floors_climbed');
  const climbed = choose('elevation', byRank(climbs, ranks), () => true)?.row.elevation ?? null;
  const movement = choose(
    'active_minutes',
    sources,
    ({ row, minutes }) => totalOf(row, 'activeTime') !== null || minutes !== null,
    ({ row, minutes }) => minutes === null && isZeroTotal(row, 'activeTime'),
  );
  const minutes = movement?.minutes ?? null;
  const activeTime = movement && totalOf(movement.row, 'activeTime');
  const pulse = choose('heart_rate', sources, ({ row }) => row.pulse !== null)?.row.pulse;
  const beats = choose('intensity_minutes', sources, ({ row }) => row.zones !== null);

  return {
    date: best.row.local_date,
    source: best.rank,
    steps: Math.trunc(steps ?? 0),
    distanceMeters: distance,
    floorsClimbed: flights !== null ? Math.trunc(flights) : floorsOf(climbed),
    elevationMeters: climbed,
    activeCalories: active ?? 0,
    totalCalories: (active ?? 0) + (basal ?? 0),
    activeMinutes: activeTime !== null ? Math.trunc(activeTime) : (minutes?.active ?? null),
    sedentaryMinutes: minutes && minutes.tracked - minutes.active,
    intensity: beats?.row.zones ?? null,
    heartRate: pulse ? heartRateOf(pulse) : null,
    choices,
  };
}

/** The daily total where there is one, else what its parts add up to. */
const totalOf = (row: SourceFigures, metric: SummedMetric): number | null =>
  row.days[metric] ?? row.parts[metric] ?? null;

const sourceDay = ({ row, rank }: { row: SourceFigures; rank: RankedSource }): SourceDay => ({
  row,
  rank,
  // A day whose samples are all too long to be spread tracks no minute at all.
  minutes: row.steps && row.steps.tracked > 0 ? row.steps : null,
});

const isZeroTotal = (row: SourceFigures, metric: SummedMetric): boolean => row.days[metric] === 0;

const hasOnlyZeroTotals = ({ row }: SourceDay): boolean =>
  row.pulse === null && METRICS.every((metric) => totalOf(row, metric) === null || isZeroTotal(row, metric));

const floorsOf = (elevation: number | null): number | null =>
  elevation !== null && elevation > 0 ? Math.trunc(elevation / METERS_PER_FLOOR) : null;

const heartRateOf = ({ sum, count, greatest, least }: Pulse): ActivityDay['heartRate'] => ({
  avg: roundHalfEven(sum / count),
  max: Math.trunc(greatest),
  min: Math.trunc(least),
});
