import { seriesTypeByCode } from '#libs/model';
import type { RankedSource } from './ranked-sources.js';
import { type Choice, reasonOf } from './source-choice.js';

const VITALS = {
  heartRate: 'heart_rate',
  hrvSdnn: 'heart_rate_variability_sdnn',
  hrvRmssd: 'heart_rate_variability_rmssd',
  respiratoryRate: 'respiratory_rate',
  spo2: 'oxygen_saturation',
} as const;

export type Vital = keyof typeof VITALS;

export interface VitalAverage {
  readonly value: number;
  readonly choice: Choice;
}

/** Averages over the samples inside a night's main sessions; null without samples. */
export type NightVitals = Readonly<Record<Vital, VitalAverage | null>>;

/** Sum and number of the samples of one series of one source inside one event. */
export interface VitalRow extends Record<string, unknown> {
  event_id: string;
  source_id: string;
  series_type: number;
  point_count: number;
  sum_value: number;
}

const seriesIds = Object.fromEntries(
  Object.entries(VITALS).map(([vital, code]) => [vital, seriesTypeByCode(code)?.id]),
) as Record<Vital, number>;

/** Ids of the series that are averaged. */
export const VITAL_SERIES: readonly number[] = Object.values(seriesIds);

interface Sample {
  readonly row: VitalRow;
  readonly rank: RankedSource;
}

/**
 * Vitals of one night: per series from the source that won the night, else from the next source in order that has
 * samples inside the sessions.
 *
 * @param samples sums inside the night's main sessions, best source first
 * @param night why the source of the night won it
 */
export function nightVitals(samples: readonly Sample[], night: Choice): NightVitals {
  const average = (vital: Vital): VitalAverage | null => averageOf(samples, seriesIds[vital], night);
  return {
    heartRate: average('heartRate'),
    hrvSdnn: average('hrvSdnn'),
    hrvRmssd: average('hrvRmssd'),
    respiratoryRate: average('respiratoryRate'),
    spo2: average('spo2'),
  };
}

function averageOf(all: readonly Sample[], seriesType: number, night: Choice): VitalAverage | null {
  const samples = all.filter(({ row }) => row.series_type === seriesType);
  const sources = [...new Set(samples.map(({ rank }) => rank))];
  const winner = sources.find(({ sourceId }) => sourceId === night.source.sourceId) ?? sources[0];
  if (!winner) return null;
  const own = samples.filter(({ rank }) => rank === winner);
  const count = own.reduce((total, { row }) => total + row.point_count, 0);
  const sum = own.reduce((total, { row }) => total + row.sum_value, 0);
  return { value: sum / count, choice: choiceOf(winner, sources, night) };
}

function choiceOf(winner: RankedSource, sources: readonly RankedSource[], night: Choice): Choice {
  const candidates = sources.length;
  // The source of the night comes first whatever its place, so what made it the source of the night decided here too.
  const isOfNight = winner.sourceId === night.source.sourceId && candidates > 1;
  return { source: winner, reason: isOfNight ? night.reason : reasonOf(winner, sources[1]), candidates };
}
