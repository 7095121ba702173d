import { createHmac } from 'node:crypto';
import type { Account } from '../cloud/account.js';
import { fail, formOf, ok } from '../cloud/exchange.js';
import type { ApiCall, Vendor } from '../cloud/vendor.js';
import { numberOf } from '../people/chance.js';
import type { Workout } from '../people/facts.js';
import { utcText, wallText } from '../people/local-time.js';

const TYPES: Readonly<Record<Workout['sport'], readonly [type: string, sportType: string]>> = {
  running: ['Run', 'Run'],
  cycling: ['Ride', 'Ride'],
  swimming: ['Swim', 'Swim'],
  strength: ['WeightTraining', 'WeightTraining'],
  yoga: ['Yoga', 'Yoga'],
  walking: ['Walk', 'Walk'],
};
const SAMPLE_SECONDS = 60;

const activityId = (account: Account, key: string): number =>
  Number(account.idOf(key, (...names) => String(numberOf(11, ...names))));

/** An activity as lists show it; only the single one knows its calories. */
function activity(account: Account, workout: Workout, isDetail: boolean): Record<string, unknown> {
  const seconds = (workout.endMs - workout.startMs) / 1000;
  const [type, sport_type] = TYPES[workout.sport];
  const speed = Number((workout.distanceMeters / seconds).toFixed(3));
  return {
    ...{ resource_state: isDetail ? 3 : 2, athlete: { id: Number(account.id), resource_state: 1 } },
    ...{ id: activityId(account, workout.key), name: `${sport_type}, version ${workout.version}`, type, sport_type },
    ...{ distance: workout.distanceMeters, moving_time: seconds, elapsed_time: seconds },
    ...{ total_elevation_gain: workout.climbMeters, start_date: utcText(workout.startMs) },
    ...{ start_date_local: `${wallText(workout.startMs, workout.zoneMinutes)}Z`, utc_offset: workout.zoneMinutes * 60 },
    ...{ average_speed: speed, max_speed: Number((speed * 1.4).toFixed(3)), device_name: 'Garmin Forerunner 965' },
    ...{ has_heartrate: true, average_heartrate: workout.averageHeartRate, max_heartrate: workout.maximumHeartRate },
    ...(isDetail ? { calories: workout.kcal } : {}),
  };
}

function list({ account, query, nowMs }: ApiCall): object[] {
  const ms = (name: string, fallback: number): number => Number(query.get(name) ?? fallback) * 1000;
  const span = { fromMs: ms('after', 0) || nowMs - 60 * 24 * 3_600_000, toMs: ms('before', nowMs / 1000) };
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 30)];
  const activities = account.life.workouts(span).map((workout) => activity(account, workout, false));
  return activities.slice((page - 1) * size, page * size);
}

const workoutOf = ({ account, parameters }: ApiCall): Workout | null =>
  account.life.workout(account.keyOf(parameters['id']!));

function streams(workout: Workout): object {
  const count = Math.floor((workout.endMs - workout.startMs) / 1000 / SAMPLE_SECONDS);
  const stream = (value: (at: number) => number): object => ({
    ...{ data: Array.from({ length: count }, (_, at) => value(at)), series_type: 'time', resolution: 'high' },
    original_size: count,
  });
  return {
    time: stream((at) => at * SAMPLE_SECONDS),
    heartrate: stream((at) => workout.averageHeartRate + (at % 7) - 3),
  };
}

/** https://developers.strava.com, version 3 of its API. */
export const strava: Vendor = {
  name: 'strava',
  clientAuth: 'body',
  refreshes: true,
  accountId: (person) => String(88_120_000 + person),
  tokenExtras: (account) => ({ athlete: { id: Number(account.id) } }),
  routes: [
    {
      method: 'GET',
      path: '/api/v3/athlete',
      answer: ({ account }) => ok({ id: Number(account.id), username: `person${account.number}`, resource_state: 2 }),
    },
    { method: 'GET', path: '/api/v3/athlete/activities', answer: (call) => ok(list(call)) },
    {
      method: 'GET',
      path: '/api/v3/activities/:id',
      answer: (call) => {
        const workout = workoutOf(call);
        return workout ? ok(activity(call.account, workout, true)) : fail(404, 'Record Not Found');
      },
    },
    {
      method: 'GET',
      path: '/api/v3/activities/:id/streams',
      answer: (call) => {
        const workout = workoutOf(call);
        return workout ? ok(streams(workout)) : fail(404, 'Record Not Found');
      },
    },
  ],
  notices: (account, { what, action, key }, { subscriptionId }, atMs) => {
    const owner_id = Number(account.id);
    const about = { owner_id, subscription_id: subscriptionId, event_time: Math.floor(atMs / 1000) };
    if (what === 'account') {
      const updates = { authorized: 'false' };
      return [{ body: { object_type: 'athlete', object_id: owner_id, aspect_type: 'update', updates, ...about } }];
    }
    if (what !== 'workout') return [];
    const object_id = activityId(account, key);
    return [{ body: { object_type: 'activity', object_id, aspect_type: action, updates: {}, ...about } }];
  },
  sign: (body, { clientSecret }, atMs) => {
    const t = Math.floor(atMs / 1000);
    return {
      'X-Strava-Signature': `t=${t},v1=${createHmac('sha256', clientSecret).update(`${t}.${body}`).digest('hex')}`,
    };
  },
  revocation: (call) => (call.method === 'POST' && call.path === '/oauth/revoke' ? formOf(call).get('token') : null),
};
