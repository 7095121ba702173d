import { multiplyDecimal, SECOND, workoutTypeFrom } from '#libs/model';
import { recordMapper, requiredText, requiredTime, textAt, valueComponents } from '#libs/providers/kit';
import { hasScore, isScored, NOT_SCORED, scoreFields, WHOOP_NAME, WHOOP_SOURCE, zoneOffsetOf } from './whoop-record.js';

/** Kilocalories per kilojoule. */
const KCAL_PER_KJ = 0.239006;

const STRAIN_COMPONENTS = [
  'average_heart_rate',
  'max_heart_rate',
  'kilojoule',
  'percent_recorded',
  'distance_meter',
  'altitude_gain_meter',
  'altitude_change_meter',
] as const;

/** `/v2/activity/workout`: a workout and its strain (0..21). A workout WHOOP has not scored yet comes again. */
export const mapWorkout = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  if (!isScored(record) && !hasScore(record)) return context.warn(NOT_SCORED);
  const externalId = requiredText(record, 'id');
  const { at: startedAt } = requiredTime(record, 'start');
  const { at: endedAt } = requiredTime(record, 'end');
  const zoneOffset = zoneOffsetOf(record);
  const durationSeconds = Math.trunc((endedAt - startedAt) / SECOND);
  const measured = scoreFields(record, STRAIN_COMPONENTS, context);
  const { kilojoule: kilojoules, max_heart_rate: heartRateMax } = measured;
  writer.workout(
    {
      externalId,
      sourceName: WHOOP_NAME,
      type: workoutTypeFrom('whoop', textAt(record, 'sport_name') ?? ''),
      startedAt,
      endedAt,
      zoneOffset,
      durationSeconds,
    },
    {
      heartRateAvg: measured.average_heart_rate,
      heartRateMax: heartRateMax === null ? null : Math.trunc(heartRateMax),
      energyBurned: kilojoules === null ? null : multiplyDecimal(kilojoules, KCAL_PER_KJ),
      distance: measured.distance_meter,
      totalElevationGain: measured.altitude_gain_meter,
      movingTimeSeconds: hasScore(record) ? durationSeconds : null,
    },
  );
  const { strain } = scoreFields(record, ['strain'], context);
  if (strain === null) return;
  writer.score('strain', { at: startedAt, zoneOffset }, strain, {
    about: { category: 'workout', externalId },
    components: valueComponents(measured),
  });
});
