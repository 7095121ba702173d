import { describe, expect, it } from '@jest/globals';
import { formatInstant, parseIsoInstant, type JsonObject, type JsonValue } from '#libs/model';
import {
  mapRecords,
  VendorError,
  type MappingFacts,
  type ProviderEnvironment,
  type VendorRequest,
  type VendorSession,
} from '#libs/providers/kit';
import { strava } from './strava.strategy.js';

const environmentWith = (settings: Readonly<Record<string, string>> = {}): ProviderEnvironment => ({
  clientId: 'id',
  clientSecret: 'secret',
  webhookSecret: null,
  subscriptionIds: ['271828'],
  granularity: 'raw',
  setting: (name) => settings[name] ?? null,
});
const facts: MappingFacts = { now: parseIsoInstant('2026-06-12T08:00:00Z')!, environment: environmentWith() };
const resource = (name: string) => strava.cloud!.resources.find((one) => one.name === name)!;
const map = (name: string, ...records: JsonValue[]) => mapRecords('strava', resource(name), records, facts);

const activity = (changes: JsonObject = {}): JsonObject => ({
  id: 15987340021,
  type: 'Workout',
  sport_type: 'Run',
  start_date: '2026-06-09T10:14:03Z',
  elapsed_time: 60.9,
  ...changes,
});

describe('activities', () => {
  it.each<[JsonObject, number | null]>([
    [{ utc_offset: 7200.0 }, 120],
    [{ utc_offset: -12_600 }, -210],
    [{ utc_offset: 50_400 }, 840],
    [{ utc_offset: -43_200 }, -720],
    [{ utc_offset: -30 }, 0],
    [{ utc_offset: 1e9 }, null],
    [{}, null],
  ])('%j is offset %p', (changes, minutes) =>
    expect(map('activity', activity(changes)).batch.workouts[0]?.zoneOffset).toBe(minutes),
  );

  it.each<[JsonObject, number | null]>([
    [{ calories: 598, kilojoules: 683.6 }, 598],
    [{ calories: 0, kilojoules: 683.6 }, 683.6],
    [{ kilojoules: 0 }, 0],
    [{}, null],
  ])('%j burns %p kcal', (changes, energy) =>
    expect(map('activity', activity(changes)).batch.workouts[0]?.detail.energyBurned).toBe(energy),
  );

  it.each<[JsonObject, string]>([
    [{ sport_type: 'TrailRun' }, 'trail_running'],
    [{ sport_type: 'Padel', type: 'Ride' }, 'cycling'],
    [{ sport_type: 'Padel', type: null }, 'other'],
  ])('%j is %s', (changes, type) => expect(map('activity', activity(changes)).batch.workouts[0]?.type).toBe(type));

  it('take fractions where Strava promises whole numbers', () => {
    const changes = { max_watts: 512.4, moving_time: 55.9, max_heartrate: 180.9, gear: { distance: 0.5 } };
    const { batch } = map('activity', activity({ ...changes, device_name: '' }));
    expect(batch.workouts[0]).toMatchObject({ durationSeconds: 60, sourceName: 'Strava', externalId: '15987340021' });
    expect(batch.workouts[0]?.detail).toMatchObject({ maxWatts: 512.4, movingTimeSeconds: 55, heartRateMax: 180 });
    expect(batch.sources).toEqual([expect.objectContaining({ source: 'strava', deviceModel: null })]);
  });
});

it('a field that is wrong costs itself alone', () => {
  const wrong = { utc_offset: '+02:00', max_watts: {}, moving_time: 'long', calories: true, distance: 1e300 };
  const { batch, problems } = map('activity', activity({ ...wrong, kilojoules: 500, average_heartrate: 140 }));
  expect(batch.workouts[0]).toMatchObject({ zoneOffset: null, detail: { energyBurned: 500, heartRateAvg: 140 } });
  expect(problems.map(({ path, severity }) => `${path} ${severity}`).sort()).toEqual(
    [...Object.keys(wrong)].sort().map((path) => `${path} warning`),
  );
  const streams = { time: { data: [1e300, 1] }, heartrate: { data: [120, 121] } };
  const samples = map('streams', { activity: activity(), streams });
  expect(samples.batch.points.map(({ value }) => value)).toEqual([121]);
  expect(samples.problems).toEqual([expect.objectContaining({ message: 'has an impossible time' })]);
});

it('streams are samples at whole seconds; what is missing is left out', () => {
  const streams = {
    time: { data: [0, 1.9, null, 3] },
    heartrate: { data: [120, 121, 122] },
    cadence: { data: 'none' },
    watts: { data: [null, 250, 251, 252, 253] },
  };
  const { batch } = map('streams', { activity: activity({ utc_offset: 3600 }), streams });
  expect(
    batch.points.map(({ series, value, recordedAt }) => [series, value, formatInstant(recordedAt).slice(17)]),
  ).toEqual([
    ['heart_rate', 120, '03Z'],
    ['heart_rate', 121, '04Z'],
    ['power', 250, '04Z'],
    ['power', 252, '06Z'],
  ]);
  expect(new Set(batch.points.map(({ zoneOffset }) => zoneOffset))).toEqual(new Set([60]));
});

describe('one activity', () => {
  const fetchOne = async (settings: Record<string, string>, streams: () => JsonValue) => {
    const asked: string[] = [];
    const session: VendorSession = {
      now: facts.now,
      account: { id: '1', username: null },
      environment: environmentWith(settings),
      json: ({ path }: VendorRequest) => {
        asked.push(path);
        return Promise.resolve().then(() => (path.endsWith('/streams') ? streams() : activity()));
      },
      bytes: () => Promise.reject(new Error('no files')),
    };
    return { records: await resource('activity').one!('15987340021', session), asked };
  };
  const wanted = { INGEST_WORKOUT_SAMPLES: 'true' };

  it('comes with its samples where they are wanted', async () => {
    const { records } = await fetchOne(wanted, () => ({ time: { data: [0] }, heartrate: { data: [120] } }));
    const { batch, problems } = map('activity', ...records);
    expect([batch.workouts.length, batch.points.length, problems]).toEqual([1, 1, []]);
    expect((await fetchOne({}, () => null)).asked).toEqual(['/api/v3/activities/15987340021']);
  });

  it('comes without them when they cannot be had', async () => {
    const { records } = await fetchOne(wanted, () => {
      throw new VendorError('rate-limited', 'enough', { status: 429 });
    });
    expect(records).toHaveLength(1);
    expect((await fetchOne(wanted, () => null)).records).toHaveLength(1);
  });
});

describe('deliveries', () => {
  const { interpret, problemOf } = strava.cloud!.webhooks!;
  const event = (changes: JsonObject = {}): JsonObject => ({
    object_type: 'athlete',
    object_id: 5,
    aspect_type: 'update',
    owner_id: 5,
    subscription_id: 271828,
    event_time: 1781086503,
    ...changes,
  });

  it.each<[JsonObject, string]>([
    [{ aspect_type: 'delete' }, 'deregister'],
    [{ updates: { authorized: 'false' } }, 'deregister'],
    [{ updates: { authorized: false } }, 'deregister'],
    [{ updates: { authorized: 'true' } }, 'nothing'],
    [{}, 'nothing'],
    [{ object_type: 'activity', aspect_type: 'delete' }, 'remove'],
    [{ object_type: 'activity' }, 'object'],
  ])('%j means %s', (changes, kind) => {
    expect(problemOf!(event(changes))).toBeNull();
    expect(interpret(event(changes)).map(({ action }) => action.kind)).toEqual([kind]);
  });

  it('about athletes that ask for nothing are ignored, whoever they concern', () => {
    const { report } = interpret(event())[0]!;
    expect(report.unknownAccount).toEqual({ status: 'ignored', reason: 'object_type:athlete' });
    const { report: left } = interpret(event({ aspect_type: 'delete' }))[0]!;
    expect(left.unknownAccount).toEqual({ status: 'user_not_found', strava_athlete_id: 5 });
  });

  it.each<JsonObject>([
    { owner_id: '5' },
    { object_type: 'club' },
    { aspect_type: null },
    { updates: [] },
    { event_time: 1.5 },
  ])('with %j are turned away', (changes) => expect(problemOf!(event(changes))).toBe('Invalid JSON body'));
});
