import type { SeriesCode } from '#libs/model';
import { BadRecord, isJsonObject, recordMapper, requiredTime, valueComponents } from '#libs/providers/kit';
import { isScored, NOT_SCORED, scoreFields, WHOOP_SOURCE } from './whoop-record.js';

/** Series of a recovery by the field of `score` that holds them: bpm, ms, percent, °C. */
const SERIES = [
  ['resting_heart_rate', 'resting_heart_rate'],
  ['hrv_rmssd_milli', 'heart_rate_variability_rmssd'],
  ['spo2_percentage', 'oxygen_saturation'],
  ['skin_temp_celsius', 'skin_temperature'],
] as const satisfies readonly (readonly [string, SeriesCode])[];

/** What a recovery writes; a deleted one takes these back. */
export const RECOVERY_SERIES: readonly SeriesCode[] = SERIES.map(([, series]) => series);

const FIELDS = SERIES.map(([field]) => field);

/** `/v2/recovery`: four points and the recovery score (0..100), at the instant WHOOP made it. Unscored ones come again. */
export const mapRecovery = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  if (!isScored(record)) return context.warn(NOT_SCORED);
  const time = requiredTime(record, 'created_at');
  // The record does not say where the user was; `created_at` is always in UTC.
  const at = { at: time.at, zoneOffset: null };
  if (!isJsonObject(record['score'])) throw new BadRecord('must be an object', 'score');
  const measured = scoreFields(record, FIELDS, context);
  for (const [field, series] of SERIES) writer.point(series, at, measured[field]);
  const { recovery_score: score } = scoreFields(record, ['recovery_score'], context);
  if (score !== null) writer.score('recovery', at, score, { components: valueComponents(measured) });
});
