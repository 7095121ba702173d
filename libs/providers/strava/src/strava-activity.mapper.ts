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
export const mapActivity = recordMapper(stravaSource, (record, writer, context) => {
  const externalId = requiredText(record, 'id');
  const { at: startedAt } = requiredTime(record, 'start_date');
  const elapsedSeconds = Math.trunc(requiredNumber(record, 'elapsed_time'));
  const calories = numberAt(record, 'calories', context);
  const hasCalories = calories !== null && calories > 0;
  writer.workout(
    {
      externalId,
      sourceName: textAt(record, 'device_name') ?? STRAVA_NAME,
      type: typeOf(record),
      startedAt,
      endedAt: startedAt + elapsedSeconds * SECOND,
      zoneOffset: zoneOffsetOf(record, context),
      durationSeconds: elapsedSeconds,
      // Lists know no calories: what the detail said before is better.
      estimates: hasCalories ? [] : ['energyBurned'],
    },
    {
      heartRateAvg: numberAt(record, 'average_heartrate', context),
      heartRateMax: wholeNumberAt(record, 'max_heartrate', context),
      distance: numberAt(record, 'distance', context),
      averageSpeed: numberAt(record, 'average_speed', context),
      maxSpeed: numberAt(record, 'max_speed', context),
      averageWatts: numberAt(record, 'average_watts', context),
      maxWatts: numberAt(record, 'max_watts', context),
      averageCadence: numberAt(record, 'average_cadence', context),
      totalElevationGain: numberAt(record, 'total_elevation_gain', context),
      elevHigh: numberAt(record, 'elev_high', context),
      elevLow: numberAt(record, 'elev_low', context),
      // Of mechanical work about a quarter of the burned energy arrives, so a kilojoule counts as one kilocalorie.
      energyBurned: hasCalories ? calories : numberAt(record, 'kilojoules', context),
      movingTimeSeconds: wholeNumberAt(record, 'moving_time', context),
    },
  );
});

/** The newer `sport_type`, else the older `type`, which knows fewer sports. */
function typeOf(record: JsonObject): string {
  const sport = requiredText(record, 'sport_type');
  const type = findWorkoutType('strava', sport) ?? 'other';
  return type === 'other' ? workoutTypeFrom('strava', textAt(record, 'type') ?? '') : type;
}
