import { SECOND, workoutTypeFrom } from '#libs/model';
import { EMPTY_WORKOUT_DETAIL } from '#libs/providers/kit';
import type { ExportContext } from './export-context.js';
import type { ExportWorkout } from './export-elements.js';
import { movingSeconds, stretches } from './workout-events.js';
import { statisticsDetail } from './workout-statistics.js';

/** `Workout` to an event; its route files are read by whoever has the archive. @returns whether it is in the batch */
export function mapWorkout(workout: ExportWorkout, index: number, context: ExportContext): boolean {
  const { attributes, metadata } = workout;
  const activity = attributes['workoutActivityType'];
  if (!activity) {
    context.skip('workouts', 'missing_workoutActivityType');
    return false;
  }
  const window = context.window('workouts', activity, attributes, metadata.get('HKTimeZone'));
  if (window === null) return false;
  const { startedAt, endedAt, zoneOffset } = window;
  if (!attributes['endDate'] || endedAt < startedAt) {
    context.skip('workouts', `invalid_date:${activity}`);
    return false;
  }
  const source = context.source(attributes);
  context.weigh('workouts');
  context.weigh('routes', workout.routePaths.length);
  context.builder.workout({
    type: workoutTypeFrom('apple_xml', activity),
    sourceIndex: source.index,
    sourceName: source.name,
    externalId: null,
    startedAt,
    endedAt,
    zoneOffset,
    durationSeconds: Math.trunc((endedAt - startedAt) / SECOND),
    detail: {
      ...EMPTY_WORKOUT_DETAIL,
      ...statisticsDetail(workout),
      movingTimeSeconds: movingSeconds(workout.events, startedAt, endedAt),
      segments: stretches(workout.events),
    },
    origin: { collection: 'workouts', index },
  });
  return true;
}
