import {
  SECOND,
  workoutTypeFromSdk,
  type PointInput,
  type RoutePointInput,
  type WorkoutDetailInput,
} from '#libs/model';
import { cleanJson } from '../clean-text.js';
import { EMPTY_WORKOUT_DETAIL } from '../workout-detail.js';
import { convert } from './conversion.js';
import type { MappingContext } from './mapping-context.js';
import { checkWorkout, type SdkWorkout } from './sdk-items.js';
import { MESSAGE } from './sdk-messages.js';
import { detailOf, isKnownStatistic, isMeasured, statedDuration, STATISTIC_SERIES } from './workout-statistics.js';
import { routePointOf, stretchesOf } from './workout-track.js';

const MAX_SECONDS = 2_147_483_647;

/** `data.workouts` to workouts and to the points that their statistics hold. */
export function mapWorkouts(items: readonly unknown[], startIndex: number, context: MappingContext): void {
  items.forEach((raw, offset) => mapWorkout(raw, startIndex + offset, context));
}

function mapWorkout(raw: unknown, index: number, context: MappingContext): void {
  const { item, flaw } = checkWorkout(raw);
  if (flaw) return context.drop(index, flaw);
  const source = context.source(index, item.source);
  if (!source) return;
  if (item.endedAt < item.startedAt) return context.drop(index, { path: 'endDate', message: MESSAGE.order });
  const durationSeconds = statedDuration(item.values ?? []) ?? Math.trunc((item.endedAt - item.startedAt) / SECOND);
  if (durationSeconds > MAX_SECONDS) return context.drop(index, { path: 'values', message: MESSAGE.duration });
  const zoneOffset = context.zoneOffset(index, item.zoneOffset);
  const dropped = context.builder.workout({
    type: workoutTypeFromSdk(item.type),
    sourceIndex: source.index,
    sourceName: source.name,
    externalId: item.id,
    startedAt: item.startedAt,
    endedAt: item.endedAt,
    zoneOffset,
    durationSeconds,
    detail: { ...EMPTY_WORKOUT_DETAIL, ...detailOf(item.values ?? []), ...trackOf(item, index, context) },
    origin: context.origin(index),
  });
  for (const field of dropped) context.warn(index, `detail.${field}`, MESSAGE.range);
  mapStatistics(item, index, { sourceIndex: source.index, zoneOffset }, context);
}

/** Statistics that belong to a series become one point at the workout's end. */
function mapStatistics(
  workout: SdkWorkout,
  index: number,
  owner: Pick<PointInput, 'sourceIndex' | 'zoneOffset'>,
  context: MappingContext,
): void {
  workout.values?.forEach((statistic, place) => {
    if (!isKnownStatistic(statistic.type)) return context.skip(statistic.type);
    const target = STATISTIC_SERIES.get(statistic.type);
    if (!target || !isMeasured(statistic)) return;
    const isStored = context.builder.point({
      ...owner,
      series: target.series,
      recordedAt: workout.endedAt,
      endedAt: null,
      value: convert(statistic.value, target.conversion, statistic.unit, context.dialect.reportsFractions),
      isDailyTotal: false,
      externalId: null,
      origin: context.origin(index),
    });
    if (!isStored) context.warn(index, `values.${place}.value`, MESSAGE.range);
  });
}

function trackOf(workout: SdkWorkout, index: number, context: MappingContext): Partial<WorkoutDetailInput> {
  const segments = stretchesOf(workout.laps ?? [], workout.segments ?? []);
  const samples = workout.samples?.map(cleanJson) ?? [];
  const route: RoutePointInput[] = [];
  workout.route?.forEach((fields, place) => {
    const point = routePointOf(fields);
    if (point) route.push(point);
    else context.warn(index, `route.${place}`, MESSAGE.place);
  });
  return { segments: orNull(segments), samples: orNull(samples), route: orNull(route) };
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
