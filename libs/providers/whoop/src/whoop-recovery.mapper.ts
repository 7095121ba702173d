import type { SeriesCode } from '#libs/model';
import { numberAt, recordMapper, requiredTime } from '#libs/providers/kit';
import { componentsOf, isScored, NOT_SCORED, WHOOP_SOURCE } from './whoop-record.js';

/** Series of a recovery by the field of `score` that holds them: bpm, ms, percent, °C. */
const SERIES: readonly (readonly [string, SeriesCode])[] = [
  ['resting_heart_rate', 'resting_heart_rate'],
  ['hrv_rmssd_milli', 'heart_rate_variability_rmssd'],
  ['spo2_percentage', 'oxygen_saturation'],
  ['skin_temp_celsius', 'skin_temperature'],
];

/** What a recovery writes; a deleted one takes these back. */
export const RECOVERY_SERIES: readonly SeriesCode[] = SERIES.map(([, series]) => series);

/** `/v2/recovery`: four points and the recovery score (0..100), at the instant WHOOP made it. Unscored ones come again. */
export const mapRecovery = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  if (!isScored(record)) return context.warn(NOT_SCORED);
  const time = requiredTime(record, 'created_at');
  // The record does not say where the user was; `created_at` is always in UTC.
  const at = { at: time.at, zoneOffset: null };
  for (const [field, series] of SERIES) writer.point(series, at, numberAt(record, `score.${field}`));
  const score = numberAt(record, 'score.recovery_score');
  if (score === null) return;
  writer.score('recovery', at, score, {
    components: componentsOf(
      record,
      SERIES.map(([field]) => field),
    ),
  });
});
