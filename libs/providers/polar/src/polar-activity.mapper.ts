import { localDate, MINUTE, type JsonObject, type JsonValue } from '#libs/model';
import {
  numberAt,
  parseIsoDuration,
  recordMapper,
  requiredList,
  requiredTime,
  textAt,
  timeIn,
  wholeMinutesOf,
  type MappingContext,
  type VendorTime,
} from '#libs/providers/kit';
import { clockTime, dateAt, POLAR_SOURCE, requiredDate } from './polar-record.js';

/** Polar tells a day in wall time without an offset; until one is known the wall time counts as UTC. */
function fromWall(wall: VendorTime, context: MappingContext): VendorTime {
  if (wall.zoneOffset !== null) return wall;
  const zoneOffset = context.zoneOffsetOn(localDate(wall.at, null));
  return { at: wall.at - (zoneOffset ?? 0) * MINUTE, zoneOffset };
}

/** The date of a day's activity, for which `mapDailyActivity` asks the offset. */
export const activityDates = (record: JsonValue): readonly string[] => {
  const wall = timeIn(record, 'start_time');
  return wall === null || wall.zoneOffset !== null ? [] : [localDate(wall.at, null)];
};

/** `/v3/users/activities`: totals of a day. */
export const mapDailyActivity = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const time = fromWall(requiredTime(record, 'start_time'), context);
  writer.point('steps', time, numberAt(record, 'steps', context), true);
  writer.point('energy', time, numberAt(record, 'active_calories', context), true);
  writer.point('distance_walking_running', time, numberAt(record, 'distance_from_steps', context), true);
  writer.point('active_time', time, activeMinutes(record), true);
});

function activeMinutes(record: JsonObject): number | null {
  const seconds = parseIsoDuration(textAt(record, 'active_duration') ?? '');
  return seconds === null ? null : wholeMinutesOf(seconds);
}

/** The date of a day of heart rate. */
export const heartRateDates = (record: JsonValue): readonly string[] =>
  dateAt(record, 'date') === null ? [] : [textAt(record, 'date') ?? ''];

/** `/v3/users/continuous-heart-rate`: one day of samples in bpm. The last value of a repeated time counts. */
export const mapContinuousHeartRate = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const midnight = fromWall(requiredDate(record, 'date'), context);
  const samples = new Map<number, number>();
  for (const sample of requiredList(record, 'heart_rate_samples')) {
    const clock = clockTime(textAt(sample, 'sample_time') ?? '');
    const value = numberAt(sample, 'heart_rate', context);
    if (clock !== null && value !== null) samples.set(clock, value);
  }
  for (const [clock, value] of samples) writer.point('heart_rate', { ...midnight, at: midnight.at + clock }, value);
});
