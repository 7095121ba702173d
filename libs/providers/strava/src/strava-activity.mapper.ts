import { findWorkoutType, SECOND, workoutTypeFrom, type JsonObject } from '#libs/model';
import {
  numberAt,
  recordMapper,
  requiredNumber,
  requiredText,
  requiredTime,
  textAt,
  wholeNumberAt,
} from '#libs/providers/kit';
import { STRAVA_NAME, stravaSource, zoneOffsetOf } from './strava-record.js';

/** An activity of a list, or the detail of one; the detail alone knows calories. */
export const mapActivity = recordMapper(stravaSource, (record, writer) => {
  const externalId = requiredText(record, 'id');
  const { at: startedAt } = requiredTime(record, 'start_date');
  const elapsedSeconds = Math.trunc(requiredNumber(record, 'elapsed_time'));
  const calories = numberAt(record, 'calories');
  const hasCalories = calories !== null && calories > 0;
  writer.workout(
    {
      externalId,
      sourceName: textAt(record, 'device_name') ?? STRAVA_NAME,
      type: typeOf(record),
      startedAt,
      endedAt: startedAt + elapsedSeconds * SECOND,
      zoneOffset: zoneOffsetOf(record),
      durationSeconds: elapsedSeconds,
      // Lists know no calories: what the detail said before is better.
      estimates: hasCalories ? [] : ['energyBurned'],
    },
    {
      heartRateAvg: numberAt(record, 'average_heartrate'),
      heartRateMax: wholeNumberAt(record, 'max_heartrate'),
      distance: numberAt(record, 'distance'),
      averageSpeed: numberAt(record, 'average_speed'),
      maxSpeed: numberAt(record, 'max_speed'),
      averageWatts: numberAt(record, 'average_watts'),
      maxWatts: numberAt(record, 'max_watts'),
      averageCadence: numberAt(record, 'average_cadence'),
      totalElevationGain: numberAt(record, 'total_elevation_gain'),
      elevHigh: numberAt(record, 'elev_high'),
      elevLow: numberAt(record, 'elev_low'),
      // Of mechanical work about a quarter of the burned energy arrives, so a kilojoule counts as one kilocalorie.
      energyBurned: hasCalories ? calories : numberAt(record, 'kilojoules'),
      movingTimeSeconds: wholeNumberAt(record, 'moving_time'),
    },
  );
});

/** The newer `sport_type`, else the older `type`, which knows fewer sports. */
function typeOf(record: JsonObject): string {
  const sport = requiredText(record, 'sport_type');
  const type = findWorkoutType('strava', sport) ?? 'other';
  return type === 'other' ? workoutTypeFrom('strava', textAt(record, 'type') ?? '') : type;
}
