import { createHmac } from 'node:crypto';
import type { Account } from '../cloud/account.js';
import { fail, NOTHING, ok, type Answer } from '../cloud/exchange.js';
import type { ApiCall, Vendor } from '../cloud/vendor.js';
import { numberOf } from '../people/chance.js';
import { secondsIn, type Night, type Workout } from '../people/facts.js';
import { DAY_MS, MINUTE_MS, zoneText } from '../people/local-time.js';
import { pageOf, spanOf } from './paging.js';

const PAGE = 25;
const SPORTS = { running: 0, cycling: 1, swimming: 33, strength: 45, yoga: 44, walking: 63 } as const;
const NAMES = { strength: 'weightlifting' } as Readonly<Record<string, string>>;
const iso = (ms: number): string => new Date(ms).toISOString();
const cycleOf = (account: Account, night: Night): number => numberOf(8, account.id, night.key);
const told = ({ endMs, version }: { endMs: number; version: number }): { created_at: string; updated_at: string } => ({
  created_at: iso(endMs + 12 * MINUTE_MS),
  updated_at: iso(endMs + (12 + 30 * (version - 1)) * MINUTE_MS),
});

function workoutRecord(account: Account, workout: Workout): object {
  return {
    ...{ id: account.idOf(workout.key), v1_id: 1, user_id: Number(account.id), ...told(workout) },
    ...{ start: iso(workout.startMs), end: iso(workout.endMs), timezone_offset: zoneText(workout.zoneMinutes) },
    ...{ sport_id: SPORTS[workout.sport], sport_name: NAMES[workout.sport] ?? workout.sport, score_state: 'SCORED' },
    score: {
      ...{ strain: workout.strain, average_heart_rate: workout.averageHeartRate },
      ...{ max_heart_rate: workout.maximumHeartRate, kilojoule: Math.round(workout.kcal * 41.84) / 10 },
      ...{ percent_recorded: 1, distance_meter: workout.distanceMeters || null },
      ...{ altitude_gain_meter: workout.climbMeters || null, altitude_change_meter: null },
      zone_durations: { zone_zero_milli: 0, zone_two_milli: workout.endMs - workout.startMs },
    },
  };
}

function sleepRecord(account: Account, night: Night): object {
  const milli = (stage: 'awake' | 'light' | 'deep' | 'rem'): number => secondsIn(night, stage) * 1000;
  const inBed = night.endMs - night.startMs;
  return {
    ...{ id: account.idOf(night.key), cycle_id: cycleOf(account, night), v1_id: 2, user_id: Number(account.id) },
    ...{ ...told(night), start: iso(night.startMs), end: iso(night.endMs) },
    ...{ timezone_offset: zoneText(night.zoneMinutes), nap: night.isNap, score_state: 'SCORED' },
    score: {
      stage_summary: {
        ...{ total_in_bed_time_milli: inBed, total_awake_time_milli: milli('awake'), total_no_data_time_milli: 0 },
        ...{ total_light_sleep_time_milli: milli('light'), total_slow_wave_sleep_time_milli: milli('deep') },
        ...{ total_rem_sleep_time_milli: milli('rem'), sleep_cycle_count: 5, disturbance_count: 7 },
      },
      ...{ respiratory_rate: night.breathsPerMinute, sleep_performance_percentage: night.score },
      sleep_consistency_percentage: night.recovery,
      sleep_efficiency_percentage: Number((100 - (milli('awake') / inBed) * 100).toFixed(4)),
    },
  };
}

function recoveryRecord(account: Account, night: Night): object {
  return {
    ...{ cycle_id: cycleOf(account, night), sleep_id: account.idOf(night.key), user_id: Number(account.id) },
    ...{ created_at: iso(night.toldAtMs), updated_at: told(night).updated_at, score_state: 'SCORED' },
    score: {
      ...{ user_calibrating: false, recovery_score: night.recovery, resting_heart_rate: night.restingHeartRate },
      ...{ hrv_rmssd_milli: night.hrvMs, spo2_percentage: night.spo2Percent },
      skin_temp_celsius: night.skinTemperatureCelsius,
    },
  };
}

type Listed = (account: Account, span: { fromMs: number; toMs: number }) => object[];

/** Newest first, as WHOOP lists. */
function list({ account, query, nowMs }: ApiCall, records: Listed): Answer {
  const all = records(account, spanOf(query, 'start', 'end', nowMs)).reverse();
  const { page, next } = pageOf(all, Math.min(PAGE, Number(query.get('limit') ?? 10)), query.get('nextToken'));
  return ok({ records: page, next_token: next });
}

const found = (record: object | null): Answer => (record === null ? fail(404, 'not found') : ok(record));

function sleepOf({ account }: ApiCall, id: string): Night | null {
  const [, kind, date] = /^(night|nap)-(.+)$/.exec(account.keyOf(id)) ?? [];
  if (date === undefined) return null;
  return kind === 'nap' ? account.life.nap(date) : account.life.night(date);
}

function workoutOf({ account, parameters }: ApiCall): object | null {
  const workout = account.life.workout(account.keyOf(parameters['id']!));
  return workout && workoutRecord(account, workout);
}

function recoveryOfCycle({ account, parameters, nowMs }: ApiCall): object | null {
  const nights = account.life.nights({ fromMs: nowMs - 400 * DAY_MS, toMs: nowMs });
  const night = nights.find((one) => String(cycleOf(account, one)) === parameters['id']);
  return night ? recoveryRecord(account, night) : null;
}

/** https://developer.whoop.com, version 2 of its API. */
export const whoop: Vendor = {
  name: 'whoop',
  clientAuth: 'body',
  refreshes: true,
  accountId: (person) => String(418_000 + person),
  tokenExtras: () => ({}),
  routes: [
    {
      method: 'GET',
      path: '/v2/user/profile/basic',
      answer: ({ account }) => ok({ user_id: Number(account.id), email: `person${account.number}@example.invalid` }),
    },
    {
      method: 'GET',
      path: '/v2/user/measurement/body',
      answer: ({ account: { life } }) => {
        const { heightM, weightKg, maximumHeartRate } = life.person.habits;
        return ok({ height_meter: heightM, weight_kilogram: weightKg, max_heart_rate: maximumHeartRate });
      },
    },
    {
      method: 'GET',
      path: '/v2/activity/workout',
      answer: (call) =>
        list(call, (account, span) => account.life.workouts(span).map((w) => workoutRecord(account, w))),
    },
    { method: 'GET', path: '/v2/activity/workout/:id', answer: (call) => found(workoutOf(call)) },
    {
      method: 'GET',
      path: '/v2/activity/sleep',
      answer: (call) => list(call, (account, span) => account.life.sleeps(span).map((n) => sleepRecord(account, n))),
    },
    {
      method: 'GET',
      path: '/v2/activity/sleep/:id',
      answer: (call) => {
        const sleep = sleepOf(call, call.parameters['id']!);
        return found(sleep && sleepRecord(call.account, sleep));
      },
    },
    {
      method: 'GET',
      path: '/v2/recovery',
      answer: (call) => list(call, (account, span) => account.life.nights(span).map((n) => recoveryRecord(account, n))),
    },
    { method: 'GET', path: '/v2/cycle/:id/recovery', answer: (call) => found(recoveryOfCycle(call)) },
    { method: 'DELETE', path: '/v2/user/access', answer: () => NOTHING },
  ],
  notices: (account, { what, action, key }) => {
    if (what === 'day' || what === 'account') return [];
    const type = `${what}.${action === 'delete' ? 'deleted' : 'updated'}`;
    return [
      { body: { user_id: Number(account.id), id: account.idOf(key), type, trace_id: account.idOf(`${key}-${type}`) } },
    ];
  },
  sign: (body, { clientSecret }, atMs) => ({
    'X-WHOOP-Signature-Timestamp': String(atMs),
    'X-WHOOP-Signature': createHmac('sha256', clientSecret).update(`${atMs}${body}`).digest('base64'),
  }),
};
