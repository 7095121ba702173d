import type { JsonValue } from '#libs/model';
import {
  isJsonObject,
  listAt,
  recordsOf,
  textAt,
  utcDate,
  type CloudResource,
  type PullPlan,
  type QueryValue,
  type SyncWindow,
  type VendorSession,
} from '#libs/providers/kit';
import { activityDates, heartRateDates, mapContinuousHeartRate, mapDailyActivity } from './polar-activity.mapper.js';
import { mapBodyTemperature, mapSkinTemperature, mapSpo2, mapWristEcg } from './polar-biosensing.mapper.js';
import { mapExercise } from './polar-exercise.mapper.js';
import { mapCardioLoad, mapNightlyRecharge } from './polar-load.mapper.js';
import { mapSleep } from './polar-sleep.mapper.js';
import { mapAlertness, mapCircadianBedtime } from './polar-sleepwise.mapper.js';

/** The vendor's limit of one request. */
const DATES_PER_REQUEST = 28;
/** The vendor's word for "nothing here". */
const NO_DATA = [404];

/** Days of the window, at most 28 at a time. `items`: where the list stands. */
const byDates = (path: string, items: string, extra: Readonly<Record<string, QueryValue>> = {}): PullPlan => ({
  request: ({ start, end }) => ({
    path,
    query: { from: utcDate(start), to: utcDate(end), ...extra },
    emptyStatuses: NO_DATA,
  }),
  chunk: { days: DATES_PER_REQUEST, by: 'date' },
  items,
});

/** What a notice's address serves: a list, a list at `items`, or one bare record. */
const served =
  (items = ''): NonNullable<CloudResource['one']> =>
  async (path, session) => {
    const answer = await session.json({ path, emptyStatuses: NO_DATA });
    const isList = Array.isArray(answer) || (items !== '' && isJsonObject(answer) && Object.hasOwn(answer, items));
    return recordsOf(answer, isList ? (Array.isArray(answer) ? '' : items) : undefined);
  };

const exercises: CloudResource = {
  name: 'exercise',
  part: 'workouts',
  resultKey: 'workouts',
  pull: {
    // The vendor lists what was uploaded in the last 30 days, whatever one asks for.
    request: () => ({ path: '/v3/exercises', query: { samples: false, zones: false, route: false } }),
    ignoresWindow: true,
    reachDays: 30,
    items: '',
  },
  one: served(),
  map: mapExercise,
};

/** One request per night that the vendor has in the window. */
async function* nights(session: VendorSession, { start, end }: SyncWindow): AsyncIterable<readonly JsonValue[]> {
  const available = await session.json({ path: '/v3/users/sleep/available', emptyStatuses: NO_DATA });
  const dates = listAt(available, 'available').flatMap((night) => textAt(night, 'date') ?? []);
  // East of Greenwich a night ends on a date that UTC has not reached yet.
  const wanted = dates.filter((date) => date >= utcDate(start) && date <= utcDate(end, 1));
  for (const date of [...new Set(wanted)].sort()) {
    const path = `/v3/users/sleep/${encodeURIComponent(date)}`;
    const night = recordsOf(await session.json({ path, emptyStatuses: NO_DATA }), undefined);
    if (night.length > 0) yield night;
  }
}

const resource = (
  name: string,
  map: CloudResource['map'],
  pull: NonNullable<CloudResource['pull']>,
  more: Partial<CloudResource> = {},
): CloudResource => ({ name, part: 'data_247', pull, map, ...more });

/** No webhook announces it, so it is pulled in webhook mode too. */
const UNANNOUNCED = { pullInWebhookMode: true } as const;

export const polarResources: readonly CloudResource[] = [
  exercises,
  resource('sleep', mapSleep, nights, { one: served() }),
  resource(
    'daily_activity',
    mapDailyActivity,
    byDates('/v3/users/activities', '', { steps: true, activity_zones: false, inactivity_stamps: false }),
    { one: served(), localDates: activityDates },
  ),
  resource('continuous_hr', mapContinuousHeartRate, byDates('/v3/users/continuous-heart-rate', 'heart_rates'), {
    one: served('heart_rates'),
    localDates: heartRateDates,
  }),
  resource('cardio_load', mapCardioLoad, byDates('/v3/users/cardio-load/date', ''), UNANNOUNCED),
  resource(
    'nightly_recharge',
    mapNightlyRecharge,
    // The last 28 days, whatever one asks for.
    {
      request: () => ({ path: '/v3/users/nightly-recharge', emptyStatuses: NO_DATA }),
      ignoresWindow: true,
      reachDays: DATES_PER_REQUEST,
      items: 'recharges',
    },
    UNANNOUNCED,
  ),
  resource('alertness', mapAlertness, byDates('/v3/users/sleepwise/alertness', ''), { one: served() }),
  resource('circadian_bedtime', mapCircadianBedtime, byDates('/v3/users/sleepwise/circadian-bedtime', ''), {
    one: served(),
  }),
  resource('body_temperature', mapBodyTemperature, byDates('/v3/users/biosensing/bodytemperature', ''), UNANNOUNCED),
  resource(
    'sleep_skin_temperature',
    mapSkinTemperature,
    byDates('/v3/users/biosensing/skintemperature', ''),
    UNANNOUNCED,
  ),
  resource('spo2', mapSpo2, byDates('/v3/users/biosensing/spo2', ''), UNANNOUNCED),
  resource('wrist_ecg', mapWristEcg, byDates('/v3/users/biosensing/ecg', ''), UNANNOUNCED),
];
