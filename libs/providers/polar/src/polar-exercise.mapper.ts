import { findWorkoutType, MINUTE, SECOND, workoutTypeFrom, type JsonObject } from '#libs/model';
import {
  BadRecord,
  numberAt,
  parseIsoDuration,
  recordMapper,
  requiredNumber,
  requiredText,
  requiredTime,
  textAt,
  wholeNumberAt,
  type VendorTime,
} from '#libs/providers/kit';
import { POLAR_NAME, polarDevice } from './polar-record.js';

/** `/v3/exercises`: kcal, metres, bpm. */
export const mapExercise = recordMapper(polarDevice, (record, writer, context) => {
  const externalId = requiredText(record, 'id');
  const device = textAt(record, 'device');
  const { at: startedAt, zoneOffset } = startOf(record);
  const seconds = parseIsoDuration(requiredText(record, 'duration'));
  if (seconds === null) throw new BadRecord('must be an ISO 8601 duration', 'duration');
  writer.workout(
    {
      externalId,
      sourceName: device ?? POLAR_NAME,
      type: workoutType(record),
      startedAt,
      endedAt: startedAt + Math.round(seconds * SECOND),
      zoneOffset,
      durationSeconds: Math.trunc(seconds),
    },
    {
      heartRateAvg: numberAt(record, 'heart_rate.average', context),
      heartRateMax: wholeNumberAt(record, 'heart_rate.maximum', context),
      energyBurned: numberAt(record, 'calories', context),
      distance: numberAt(record, 'distance', context),
    },
  );
});

/** `start_time` is wall time, `start_time_utc_offset` minutes east of UTC; so the instant is their difference. */
function startOf(record: JsonObject): VendorTime {
  const wall = requiredTime(record, 'start_time');
  if (wall.zoneOffset !== null) return wall;
  const zoneOffset = Math.trunc(requiredNumber(record, 'start_time_utc_offset'));
  if (Math.abs(zoneOffset) > 18 * 60) throw new BadRecord('is no zone offset', 'start_time_utc_offset');
  return { at: wall.at - zoneOffset * MINUTE, zoneOffset };
}

/** By sport and detail together, else by sport alone. */
function workoutType(record: JsonObject): string {
  const sport = textAt(record, 'sport') ?? '';
  const detail = textAt(record, 'detailed_sport_info');
  const exact = detail === null ? undefined : findWorkoutType('polar', `${sport}|${detail}`);
  return exact ?? workoutTypeFrom('polar', sport);
}
