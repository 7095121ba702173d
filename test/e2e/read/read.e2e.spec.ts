import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter } from '#libs/ingest';
import { batch, cycle, point, score, session, workout } from '../../medium/ingest-events/batches.js';
import { seedDetail, seedEvent, type EventSeed, seedPoints, seedSource } from '../../medium/read/seed.js';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';

jest.setTimeout(60_000);

const NOBODY = '00000000-0000-4000-8000-000000000000';

let api: TestApi;
let owner: GivenUser;
let source: string;

beforeAll(async () => {
  api = await openTestApi();
  owner = await api.given.user();
  source = await seedSource(api.database.db, owner.key, {
    provider: 'garmin',
    source: 'garmin',
    deviceModel: 'Forerunner 255',
    deviceType: 'watch',
  });
  const beats = Array.from({ length: 7 }, (_, n) => ({ at: `2026-03-04T10:0${n}:00.00012Z`, value: 60 + n, zone: 60 }));
  await seedPoints(api.database.db, owner.key, source, 'heart_rate', beats);
  await seedPoints(api.database.db, owner.key, source, 'steps', [{ at: '2026-03-04T00:00:00Z', value: 9000 }], true);
});
afterAll(() => api.close());

const users = (path: string, id = owner.id): string => `/api/v1/users/${id}/${path}`;
const RANGE = 'start_time=2026-03-04&end_time=2026-03-04';
const DATES = 'start_date=2026-03-01&end_date=2026-04-01';

const event = (seed: Partial<EventSeed>): Promise<string> =>
  seedEvent(api.database.db, owner.key, source, {
    category: 'workout',
    type: 'running',
    startedAt: '2026-03-04T10:00:00Z',
    endedAt: '2026-03-04T11:00:00Z',
    durationSeconds: 3600,
    ...seed,
  });

describe('GET timeseries', () => {
  it('pages forward and back over HTTP', async () => {
    const first = await api.client.get(users(`timeseries?${RANGE}&limit=3`)).expect(200);
    expect(first.body.data[0]).toMatchObject({ type: 'steps', value: 9000, is_daily_total: true });
    expect(first.body.data[1]).toMatchObject({ timestamp: '2026-03-04T10:00:00.000120Z', zone_offset: '+01:00' });
    expect(first.body.pagination).toMatchObject({ has_more: true, previous_cursor: null, total_count: 8 });
    const second = await api.client
      .get(users(`timeseries?${RANGE}&limit=3&cursor=${first.body.pagination.next_cursor}`))
      .expect(200);
    expect(second.body.data.map((item: { value: number }) => item.value)).toEqual([62, 63, 64]);
    const back = await api.client
      .get(users(`timeseries?${RANGE}&limit=3&cursor=${second.body.pagination.previous_cursor}`))
      .expect(200);
    expect(back.body.data).toEqual(first.body.data);
    expect(back.body.pagination).toMatchObject({ has_more: false, next_cursor: first.body.pagination.next_cursor });
  });

  it('takes repeated types and a resolution', async () => {
    const query = `${RANGE}&types=heart_rate&types=steps&resolution=5min&cursor=`;
    const { body } = await api.client.get(users(`timeseries?${query}`)).expect(200);
    expect(body.data.map((item: { timestamp: string; value: number }) => [item.timestamp, item.value])).toEqual([
      ['2026-03-04T10:00:00Z', 62],
      ['2026-03-04T10:05:00Z', 65.5],
    ]);
    expect(body.metadata).toEqual({
      resolution: '5min',
      sample_count: 2,
      start_time: '2026-03-04T00:00:00Z',
      end_time: '2026-03-04T00:00:00Z',
    });
  });

  it.each([
    ['', 'Field required'],
    ['start_time=2026-03-04', 'Field required'],
    [
      'start_time=yesterday&end_time=1',
      "Invalid datetime format: 'yesterday'. Expected ISO 8601 format or Unix timestamp.",
    ],
    ['start_time=1&end_time=inf', "Invalid datetime format: 'inf'. Expected ISO 8601 format or Unix timestamp."],
    [`${RANGE}&limit=0`, 'Input should be greater than or equal to 1'],
    [`${RANGE}&limit=1001`, 'Input should be less than or equal to 1000'],
    [`${RANGE}&limit=`, 'Input should be a valid integer, unable to parse string as an integer'],
    [`${RANGE}&resolution=2min`, "Input should be 'raw', '1min', '5min', '15min' or '1hour'"],
    [`${RANGE}&cursor=abc`, "Invalid cursor format: 'abc'. Expected 'timestamp|id'."],
  ])('refuses %s with the documented words', async (query, detail) => {
    const { body } = await api.client.get(users(`timeseries?${query}`)).expect(400);
    expect(body.detail).toBe(detail);
  });

  it.each(['types=', 'types=heart_rate,steps', 'types=heart_rate&types=nonsense'])('refuses %s', async (types) => {
    const { body } = await api.client.get(users(`timeseries?${RANGE}&${types}`)).expect(400);
    expect(body.detail).toMatch(/^Input should be 'heart_rate', '.* or '/);
  });

  it('is empty for users nobody knows and closed without credentials', async () => {
    const { body } = await api.client.get(users(`timeseries?${RANGE}`, NOBODY)).expect(200);
    expect([body.data, body.pagination.total_count]).toEqual([[], 0]);
    await api.client.get(users(`timeseries?${RANGE}`, 'me')).expect(400);
    await api.anonymous.get(users(`timeseries?${RANGE}`)).expect(401);
  });
});

describe('workouts', () => {
  it('are listed, shown, and deleted for good', async () => {
    const id = await event({});
    const route = [1, 2].map((n) => ({
      time: `2026-03-04T10:00:0${n}Z`,
      latitude: n,
      longitude: -n,
      altitude_meters: n === 1 ? 5 : null,
      horizontal_accuracy_meters: null,
    }));
    const segments = [{ kind: 'lap', index: 0 }];
    await seedDetail(api.database.db, 'workout_detail', owner.key, id, {
      distance: 10_000,
      segments,
      hr_zones: { zones: [] },
    });
    await seedDetail(api.database.db, 'workout_track', owner.key, id, {
      route,
      samples: [{ type: 'power', values: [1] }],
    });
    const list = await api.client.get(users(`events/workouts?${DATES}&record_type=RUN`)).expect(200);
    expect(list.body.data).toEqual([
      expect.objectContaining({ id, distance_meters: 10_000, avg_pace_sec_per_km: 360 }),
    ]);
    const one = await api.client.get(users(`events/workouts/${id}`)).expect(200);
    expect(one.body).toMatchObject({ id, segments, has_route: true, has_samples: true });
    const track = await api.client.get(users(`events/workouts/${id}/route`)).expect(200);
    expect(track.body.geometry.coordinates).toEqual([
      [-1, 1, 5],
      [-2, 2],
    ]);
    const samples = await api.client.get(users(`events/workouts/${id}/samples`)).expect(200);
    expect(samples.body).toEqual({ samples: [{ type: 'power', values: [1] }] });
    await api.client.delete(users(`events/workouts/${id}`)).expect(204);
    await api.client.delete(users(`events/workouts/${id}`)).expect(404, { detail: 'Workout not found' });
    const after = await api.client.get(users(`events/workouts?${DATES}`)).expect(200);
    expect(after.body.pagination.total_count).toBe(0);
  });

  it('are not found under another user, category or without a track', async () => {
    const id = await event({ startedAt: '2025-03-04T10:00:00Z', endedAt: '2025-03-04T11:00:00Z' });
    const nap = await event({ category: 'sleep', startedAt: '2025-03-04T10:00:00Z', endedAt: '2025-03-04T11:00:00Z' });
    const missing = { detail: 'Workout not found' };
    for (const path of [users(`events/workouts/${id}`, NOBODY), users(`events/workouts/${nap}`)]) {
      await api.client.get(path).expect(404, missing);
      await api.client.get(`${path}/route`).expect(404, missing);
      await api.client.get(`${path}/samples`).expect(404, missing);
      await api.client.delete(path).expect(404, missing);
    }
    await api.client.get(users(`events/workouts/${id}/route`)).expect(404, { detail: 'Workout route not found' });
    await api.client.get(users('events/workouts/12')).expect(400);
  });

  it.each([
    ['start_date=2026-03-01', 'Field required'],
    [`${DATES}&limit=ten`, 'Input should be a valid integer, unable to parse string as an integer'],
    [`${DATES}&cursor=prev_x`, "Invalid cursor format: 'x'. Expected 'timestamp|id'."],
  ])('refuse %s with the documented words', async (query, detail) => {
    const { body } = await api.client.get(users(`events/workouts?${query}`)).expect(400);
    expect(body.detail).toBe(detail);
  });
});

describe('sleep', () => {
  it('is listed, shown and deleted', async () => {
    const id = await event({ category: 'sleep', type: 'sleep_session', startedAt: '2026-03-04T00:00:00Z' });
    const stages = [{ stage: 'rem', start_time: '2026-03-04T00:00:00Z', end_time: '2026-03-04T01:00:00Z' }];
    await seedDetail(api.database.db, 'sleep_detail', owner.key, id, { total_minutes: 400, is_nap: false, stages });
    const list = await api.client.get(users(`events/sleep?${DATES}&filter_by_priority=Yes`)).expect(200);
    expect(list.body.data).toEqual([
      expect.objectContaining({ id, sleep_duration_seconds: 24_000, sleep_stage_intervals: stages }),
    ]);
    const one = await api.client.get(users(`events/sleep/${id}`)).expect(200);
    expect(one.body).toMatchObject({ id, local_date: '2026-03-04', time_in_bed_minutes: null });
    await api.client.delete(users(`events/sleep/${id}`)).expect(204);
    const missing = { detail: 'Sleep session not found' };
    await api.client.get(users(`events/sleep/${id}`)).expect(404, missing);
    await api.client.delete(users(`events/sleep/${id}`)).expect(404, missing);
  });

  it('refuses a filter that is neither yes nor no', async () => {
    const { body } = await api.client.get(users(`events/sleep?${DATES}&filter_by_priority=perhaps`)).expect(400);
    expect(body.detail).toBe('Input should be a valid boolean, unable to interpret input');
  });
});

describe('menstrual cycles', () => {
  it('are listed and deleted', async () => {
    const id = await event({ category: 'menstrual_cycle', type: 'luteal', endedAt: '2026-06-01T00:00:00Z' });
    await seedDetail(api.database.db, 'menstrual_cycle_detail', owner.key, id, {
      detail: { day_in_cycle: 3, pregnancy_snapshot: [{ title: 'x' }], last_updated_at: '2026-03-05T00:00:00Z' },
    });
    const { body } = await api.client.get(users(`events/menstrual-cycles?${DATES}`)).expect(200);
    expect(body.data).toEqual([expect.objectContaining({ id, day_in_cycle: 3, cycle_length: null })]);
    expect(body.metadata.end_time).toBe('2026-04-01T00:00:00Z');
    await api.client.delete(users(`events/menstrual-cycles/${id}`)).expect(204);
    await api.client
      .delete(users(`events/menstrual-cycles/${id}`))
      .expect(404, { detail: 'Menstrual cycle record not found' });
  });
});

describe('GET data-sources', () => {
  it('lists the sources of a user', async () => {
    const { body } = await api.client.get(users('data-sources')).expect(200);
    expect(body).toEqual({
      total: 1,
      items: [expect.objectContaining({ id: source, user_id: owner.id, display_name: 'Garmin - Forerunner 255' })],
    });
    await api.client.get(users('data-sources', NOBODY)).expect(200, { items: [], total: 0 });
  });
});

describe('a page of unsaid size', () => {
  const SINCE = 'start_date=2026-03-01&end_date=2026-06-01';
  const LISTS: [string, string][] = [
    ['timeseries', 'start_time=2026-03-01&end_time=2026-06-01'],
    ['events/workouts', SINCE],
    ['events/sleep', SINCE],
    ['events/menstrual-cycles', SINCE],
    ['summaries/activity', SINCE],
    ['summaries/sleep', SINCE],
    ['summaries/recovery', SINCE],
    ['health-scores', SINCE],
  ];
  let person: GivenUser;

  /** 51 days with one record of each kind. */
  beforeAll(async () => {
    person = await api.given.user();
    const days = Array.from({ length: 51 }, (_, n) => Date.UTC(2026, 2, 1 + n) * 1000);
    const records = days.map((day) => ({
      startedAt: day,
      endedAt: day + 3_600_000_000,
      zoneOffset: null,
      externalId: `${day}`,
    }));
    await new HealthWriter().write(
      api.database.db,
      person,
      batch({
        points: days.map((day) => point('steps', day, 1)),
        workouts: records.map((record) => workout(record)),
        sleepSessions: records.map((record) => session('22:00', '06:00', record)),
        cycles: records.map((record) => cycle(record)),
        scores: days.map((recordedAt) => score({ recordedAt, zoneOffset: null })),
      }),
      { now: Date.UTC(2026, 5, 1) * 1000 },
    );
  });

  it.each(LISTS)('of %s has 50 items and says that there are more', async (path, range) => {
    const { body } = await api.client.get(users(`${path}?${range}`, person.id)).expect(200);
    expect([body.data.length, body.metadata.sample_count, body.pagination.has_more]).toEqual([50, 50, true]);
    expect(body.pagination.total_count).toBe(path.startsWith('summaries') ? null : 51);
  });
});

describe('the event lists and sources', () => {
  it.each(['events/workouts', 'events/sleep', 'events/menstrual-cycles'])('%s is empty for strangers', async (path) => {
    const { body } = await api.client.get(users(`${path}?${DATES}`, NOBODY)).expect(200);
    expect([body.data, body.pagination]).toEqual([
      [],
      { next_cursor: null, previous_cursor: null, has_more: false, total_count: 0 },
    ]);
    await api.anonymous.get(users(`${path}?${DATES}`)).expect(401);
  });
});
