import { SECOND, workoutTypeFrom } from '#libs/model';
import { numberAt, recordMapper, requiredText, requiredTime, textAt } from '#libs/providers/kit';
import { OURA_NAME, OURA_SOURCE } from './oura-record.js';

/** `workout`: kcal and metres. One without its times cannot be placed and is left out. */
export const mapWorkout = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const externalId = requiredText(record, 'id');
  const start = requiredTime(record, 'start_datetime');
  const end = requiredTime(record, 'end_datetime');
  const durationSeconds = Math.trunc((end.at - start.at) / SECOND);
  writer.workout(
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
      energyBurned: numberAt(record, 'calories', context),
      distance: numberAt(record, 'distance', context),
      movingTimeSeconds: durationSeconds,
    },
  );
});
