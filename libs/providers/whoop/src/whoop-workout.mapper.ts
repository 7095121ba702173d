import { multiplyDecimal, SECOND, workoutTypeFrom } from '#libs/model';
import { numberAt, recordMapper, requiredText, requiredTime, textAt, wholeNumberAt } from '#libs/providers/kit';
import {
  componentsOf,
  hasScore,
  isScored,
  NOT_SCORED,
  WHOOP_NAME,
  WHOOP_SOURCE,
  zoneOffsetOf,
} from './whoop-record.js';

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
];

/** `/v2/activity/workout`: a workout and its strain (0..21). A workout WHOOP has not scored yet comes again. */
export const mapWorkout = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  if (!isScored(record) && !hasScore(record)) return context.warn(NOT_SCORED);
  const externalId = requiredText(record, 'id');
  const { at: startedAt } = requiredTime(record, 'start');
  const { at: endedAt } = requiredTime(record, 'end');
  const zoneOffset = zoneOffsetOf(record);
  const durationSeconds = Math.trunc((endedAt - startedAt) / SECOND);
  const kilojoules = numberAt(record, 'score.kilojoule');
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
      heartRateAvg: numberAt(record, 'score.average_heart_rate'),
      heartRateMax: wholeNumberAt(record, 'score.max_heart_rate'),
      energyBurned: kilojoules === null ? null : multiplyDecimal(kilojoules, KCAL_PER_KJ),
      distance: numberAt(record, 'score.distance_meter'),
      totalElevationGain: numberAt(record, 'score.altitude_gain_meter'),
      movingTimeSeconds: hasScore(record) ? durationSeconds : null,
    },
  );
  const strain = numberAt(record, 'score.strain');
  if (strain === null) return;
  writer.score('strain', { at: startedAt, zoneOffset }, strain, {
    about: { category: 'workout', externalId },
    components: componentsOf(record, STRAIN_COMPONENTS),
  });
});
