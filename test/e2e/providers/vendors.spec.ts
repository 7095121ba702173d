import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GivenUser } from '../../support/given.js';
import type { Change } from '../../simulator/cloud/vendor.js';
import { secondsIn, type Night, type Stage, type Workout } from '../../simulator/people/facts.js';
import { addDays, dateOf, DAY_MS, HOUR_MS, zoneText } from '../../simulator/people/local-time.js';
import type { Life } from '../../simulator/people/life.js';
import type { VendorName } from '../../simulator/simulator.js';
import { sleepsTold } from '../../simulator/vendors/index.js';
import { openCloudApi, type CloudApi } from './cloud.js';

type Row = Record<string, unknown>;

/** What a series holds for the days that are over, if it is told daily. */
type DailyValues = (life: Life, first: string, last: string) => number[];

const restingHeartRates: DailyValues = (life, first, last) =>
  life
    .nights({ fromMs: Date.parse(first) - DAY_MS, toMs: Date.parse(last) + DAY_MS })
    .filter(({ toldAtMs }) => first <= dateOf(toldAtMs) && dateOf(toldAtMs) < last)
    .map(({ restingHeartRate }) => restingHeartRate);
const steps: DailyValues = (life, first, last) => life.days(first, addDays(last, -1)).map((day) => day.steps);
const skinTemperatures: DailyValues = (life, first, last) =>
  life
    .nights({ fromMs: Date.parse(first) - 2 * DAY_MS, toMs: Date.parse(last) + DAY_MS })
    .map(({ skinTemperatureCelsius }) => Number((skinTemperatureCelsius - 33.6).toFixed(2)));

const CASES = [
  {
    ...{ vendor: 'whoop', person: 1, registrations: 0, scores: ['recovery', 'sleep', 'strain'] },
    daily: [['resting_heart_rate', restingHeartRates]],
  },
  {
    ...{ vendor: 'oura', person: 2, registrations: 24, scores: ['activity', 'readiness', 'sleep'] },
    daily: [['steps', steps]],
  },
  {
    ...{ vendor: 'polar', person: 3, registrations: 1, scores: ['readiness', 'recovery', 'sleep', 'strain'] },
    daily: [
      ['steps', steps],
      ['skin_temperature_deviation', skinTemperatures],
    ],
  },
  { ...{ vendor: 'strava', person: 4, registrations: 1, scores: [] }, daily: [] },
] as const satisfies readonly {
  vendor: VendorName;
  person: number;
  registrations: number;
  scores: readonly string[];
  daily: readonly (readonly [string, DailyValues])[];
}[];

/** Days that every vendor still tells of. */
const DAYS = 20;

let api: CloudApi;

beforeAll(async () => {
  api = await openCloudApi();
  // The port is known only now, and vendors are told where to deliver.
  Object.assign(api.config, { apiBaseUrl: api.url });
});
afterAll(() => api.close());

describe.each(CASES)('$vendor, from the login to the end', ({ vendor: name, person, registrations, scores, daily }) => {
  const vendor = name as VendorName;
  let user: GivenUser;
  let life: Life;
  const span = { fromMs: Date.now() - DAYS * DAY_MS, toMs: Date.now() + HOUR_MS };
  const cloud = () => api.simulator.clouds[vendor];

  beforeAll(async () => {
    user = await api.given.user();
    life = api.simulator.lives[person - 1]!;
  });

  const get = async <T>(path: string): Promise<T> =>
    (await api.client.get(`/api/v1/users/${user.id}/${path}`).expect(200)).body as T;
  const listed = async (kind: 'sleep' | 'workouts'): Promise<Row[]> => {
    const range = `start_date=${iso(span.fromMs)}&end_date=${iso(span.toMs)}&limit=100`;
    const { data } = await get<{ data: Row[] }>(`events/${kind}?${range}`);
    return data.sort((one, two) => String(one['start_time']).localeCompare(String(two['start_time'])));
  };

  async function expectTheTruth(): Promise<void> {
    expect((await listed('workouts')).map(workoutOf)).toEqual(
      life.workouts(span).map((one) => livedWorkout(vendor, one)),
    );
    expect((await listed('sleep')).map(sleepOf)).toEqual(sleepsTold(vendor, life, span).map(livedSleep));
  }

  const tell = async (...changes: Change[]): Promise<string[]> => {
    const deliveries = await cloud().deliveries.tell(person, changes);
    expect(deliveries).not.toEqual([]);
    expect(deliveries.map(({ status }) => status)).toEqual(deliveries.map(() => 200));
    await api.settle();
    const runs = await get<{ source: string; status: string }[]>('sync/runs?limit=100');
    return runs.filter(({ source }) => source === 'webhook').map(({ status }) => status);
  };
  const calories = async (key: string): Promise<number | null> => {
    const { startMs } = life.workout(key)!;
    const found = (await listed('workouts')).find((workout) => workout['start_time'] === iso(startMs));
    const kcal = found?.['calories_kcal'] as number | null;
    return kcal === null ? null : Math.round(kcal);
  };

  it('brings the whole history', async () => {
    await api.connect(user, vendor, person);
    await api.settle();
    await expectTheTruth();
    const runs = await get<Row[]>('sync/runs');
    expect(runs).toMatchObject([{ provider: vendor, source: 'backfill', status: 'success', error: null }]);
    const { id } = cloud().account(person);
    expect(await get('connections')).toMatchObject([{ provider: vendor, status: 'active', provider_user_id: id }]);
  });

  it('has what is told once a day for every day', async () => {
    const [first, last] = [dateOf(span.fromMs + 2 * DAY_MS), dateOf(Date.now() - 2 * DAY_MS)];
    for (const [series, valuesOf] of daily as readonly (readonly [string, DailyValues])[]) {
      const query = `types=${series}&start_time=${first}T00:00:00Z&end_time=${last}T00:00:00Z&limit=100`;
      const { data } = await get<{ data: { value: number }[] }>(`timeseries?${query}`);
      expect(data.length).toBeGreaterThan(DAYS - 7);
      const lived = valuesOf(life, addDays(first, -1), addDays(last, 1));
      expect(lived).toEqual(expect.arrayContaining(data.map(({ value }) => value)));
    }
  });

  it('has scores of every category it knows', async () => {
    const range = `start_date=${iso(span.fromMs)}&end_date=${iso(span.toMs)}&provider=${vendor}&limit=1000`;
    const { data } = await get<{ data: { category: string }[] }>(`health-scores?${range}`);
    expect([...new Set(data.map(({ category }) => category))].sort()).toEqual(scores);
    const counts = scores.map((category) => data.filter((score) => score.category === category).length);
    expect(Math.min(DAYS, ...counts)).toBeGreaterThan(4);
  });

  it('registers for what is to come', async () => {
    const { subscriptions } = cloud();
    const url = `${api.url}/api/v1/providers/${vendor}/webhooks`;
    await api.developer.put(`/api/v1/oauth/providers/${vendor}`, { live_sync_mode: 'webhook' }).expect(200);
    if (registrations === 0) subscriptions.put(url);
    while (subscriptions.all.size < registrations) await pause(25);
    expect(subscriptions.callbackUrl).toBe(url);
  });

  it('hears of a workout, whatever the lists say of it afterwards', async () => {
    const key = life.addWorkout(Math.floor(Date.now() / 1000) * 1000 - 2 * HOUR_MS);
    expect(await tell({ what: 'workout', action: 'create', key })).toEqual(['success']);
    await expectTheTruth();
    expect(await calories(key)).toBe(life.workout(key)!.kcal);
    await api.client
      .post(`/api/v1/providers/${vendor}/users/${user.id}/sync?async=false&data_type=workouts`)
      .expect(200);
    expect(await calories(key)).toBe(life.workout(key)!.kcal);
  });

  it('hears of a second thought about the last workout and the last sleep, once however often it is told', async () => {
    const workout = life.workouts(span).at(-1)!;
    const sleep = sleepsTold(vendor, life, span).at(-1);
    const changes: Change[] = [{ what: 'workout', action: 'update', key: workout.key }];
    if (sleep) changes.push({ what: 'sleep', action: 'update', key: sleep.key });
    for (const { key } of changes) life.revise(key);
    await tell(...changes);
    await expectTheTruth();
    expect(await calories(workout.key)).toBe(life.workout(workout.key)!.kcal);
    const before = [await listed('workouts'), await listed('sleep')];
    await tell(...changes);
    expect([await listed('workouts'), await listed('sleep')]).toEqual(before);
  });

  it('leaves nothing behind at the vendor, and hears nothing any more', async () => {
    await api.client.delete(`/api/v1/users/${user.id}/connections/${vendor}`).expect(204);
    expect(cloud().oauth.hasTokens(cloud().account(person))).toBe(false);
    expect(await get('connections')).toMatchObject([{ provider: vendor, status: 'revoked' }]);
    const before = [await listed('workouts'), await listed('sleep')];
    const { key } = life.workouts(span).at(-1)!;
    life.revise(key);
    await tell({ what: 'workout', action: 'update', key });
    expect([await listed('workouts'), await listed('sleep')]).toEqual(before);
  });
});

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** What all vendors tell of a workout: calories apart, which Strava's lists do not know. */
const workoutOf = (row: Row): Row => ({
  ...only(row, ['start_time', 'end_time', 'zone_offset', 'duration_seconds', 'max_heart_rate_bpm']),
  distance: row['distance_meters'] ?? 0,
});

const livedWorkout = (vendor: VendorName, workout: Workout): Row => ({
  ...spell(workout),
  // Oura's workouts know no heart.
  max_heart_rate_bpm: vendor === 'oura' ? null : workout.maximumHeartRate,
  duration_seconds: (workout.endMs - workout.startMs) / 1000,
  distance: workout.distanceMeters,
});

const sleepOf = (row: Row): Row => only(row, ['start_time', 'end_time', 'zone_offset', 'is_nap', 'stages']);

const livedSleep = (night: Night): Row => {
  const minutes = (stage: Stage): number => Math.floor(secondsIn(night, stage) / 60);
  return {
    ...spell(night),
    is_nap: night.isNap,
    stages: {
      awake_minutes: minutes('awake'),
      light_minutes: minutes('light'),
      deep_minutes: minutes('deep'),
      rem_minutes: minutes('rem'),
    },
  };
};

const spell = ({ startMs, endMs, zoneMinutes }: { startMs: number; endMs: number; zoneMinutes: number }): Row => ({
  start_time: iso(startMs),
  end_time: iso(endMs),
  zone_offset: zoneText(zoneMinutes),
});

const only = (row: Row, names: readonly string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]));
