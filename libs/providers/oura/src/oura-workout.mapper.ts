import { SECOND, workoutTypeFrom, type JsonValue } from '#libs/model';
import {
  numberAt,
  objectOf,
  requiredText,
  requiredTime,
  textAt,
  VendorWriter,
  type HealthBatchBuilder,
  type MappingContext,
} from '#libs/providers/kit';
import { OURA_NAME, OURA_SOURCE } from './oura-record.js';

/** `workout`: kcal and metres. One without its times cannot be placed and is left out. */
export function mapWorkout(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const externalId = requiredText(record, 'id');
  const start = requiredTime(record, 'start_datetime');
  const end = requiredTime(record, 'end_datetime');
  const durationSeconds = Math.trunc((end.at - start.at) / SECOND);
  new VendorWriter(batch, context, OURA_SOURCE).workout(
    {
      externalId,
      sourceName: OURA_NAME,
      type: workoutTypeFrom('oura', textAt(record, 'activity') ?? ''),
      startedAt: start.at,
      endedAt: end.at,
      zoneOffset: start.zoneOffset,
      durationSeconds,
    },
    {
      energyBurned: numberAt(record, 'calories'),
      distance: numberAt(record, 'distance'),
      movingTimeSeconds: durationSeconds,
    },
  );
}
