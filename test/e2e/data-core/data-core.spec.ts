import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter } from '#libs/ingest';
import { DAY, DEVICE_MODELS, instantFromDate, SERIES_TYPES, WORKOUT_TYPES } from '#libs/model';
import { batchOf, point } from '../../medium/ingest-points/batches.js';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';

jest.setTimeout(60_000);

const NOBODY = '00000000-0000-4000-8000-000000000000';
const RANGE = 'start_time=2026-03-01&end_time=2026-03-03';
const now = instantFromDate(new Date());

let api: TestApi;
let owner: GivenUser;

beforeAll(async () => {
  api = await openTestApi({ worker: true });
  owner = await api.given.user();
  const other = await api.given.user();
  await api.given.connection(owner, 'garmin');
  await api.given.connection(owner, 'oura');
  await api.given.connection(other, 'garmin');
  await api.given.connection(other, 'polar', { status: 'revoked' });
  const points = [
    point('2026-03-01T10:00:00Z', { series: 'steps', value: 100, zoneOffset: 60 }),
    point('2026-03-01T10:00:00Z', { value: 60 }),
    point(Math.floor((now - 20 * DAY) / DAY) * DAY, { series: 'steps', value: 5 }),
    point(Math.floor((now - 2 * DAY) / DAY) * DAY, { series: 'steps', value: 7 }),
  ];
  await new HealthWriter().write(api.database.db, owner, batchOf(points), { now });
});
afterAll(() => api.close());

const aggregate = (query: string, id = owner.id): string => `/api/v1/users/${id}/timeseries/aggregate?${query}`;

describe('GET timeseries/aggregate', () => {
  it('answers with every bucket', async () => {
    const { body } = await api.client
      .get(aggregate(`${RANGE}&types=steps&types=heart_rate&bucket=day&functions=sum,count&functions=avg`))
      .expect(200);
    expect(body.data[0]).toEqual({
      type: 'steps',
      unit: 'count',
      bucket: 'day',
      buckets: [
        { start: '2026-03-01T00:00:00Z', local_start: '2026-03-01T00:00:00', sum: 100, count: 1, avg: 100 },
        { start: '2026-03-02T00:00:00Z', local_start: '2026-03-02T00:00:00', sum: null, count: 0, avg: null },
      ],
    });
    expect(body.metadata).toEqual({
      start_time: '2026-03-01T00:00:00Z',
      end_time: '2026-03-03T00:00:00Z',
      time_zone: null,
      bucket: 'day',
    });
    const zoned = await api.client
      .get(aggregate(`${RANGE}&types=steps&bucket=week&time_zone=Europe%2FBerlin`, NOBODY))
      .expect(200);
    expect(zoned.body.data[0].buckets).toEqual([
      { start: '2026-02-22T23:00:00Z', local_start: '2026-02-23T00:00:00', sum: null },
      { start: '2026-03-01T23:00:00Z', local_start: '2026-03-02T00:00:00', sum: null },
    ]);
    await api.anonymous.get(aggregate(`${RANGE}&types=steps&bucket=day`)).expect(401);
  });

  const types = Array.from({ length: 11 }, () => 'types=steps').join('&');
  it.each([
    ['types=steps&bucket=day', 'Field required'],
    [`${RANGE}&bucket=day`, 'Field required'],
    [`${RANGE}&types=steps`, 'Field required'],
    [`${RANGE}&types=steps&bucket=year`, "Input should be '5min', '15min', 'hour', 'day', 'week' or 'month'"],
    [`${RANGE}&${types}&bucket=day`, 'List should have at most 10 items after validation, not 11'],
    [
      `${RANGE}&types=steps&bucket=day&functions=sum,median`,
      "Input should be 'avg', 'min', 'max', 'sum', 'count' or 'last'",
    ],
    [`${RANGE}&types=steps&bucket=day&functions=`, "Input should be 'avg', 'min', 'max', 'sum', 'count' or 'last'"],
    [`${RANGE}&types=steps&bucket=day&time_zone=Mars`, 'Unknown time zone: Mars'],
    [`${RANGE}&types=steps&bucket=hour&time_zone=%2B02:00`, 'Unknown time zone: +02:00'],
    [`${RANGE}&types=steps&bucket=hour&time_zone=a%00`, 'Value error, text must not contain U+0000'],
    [`${RANGE}&types=steps&bucket=day&time_zone=${'x'.repeat(65)}`, 'String should have at most 64 characters'],
    [
      'start_time=2026-03-01&end_time=tomorrow&types=steps&bucket=day',
      "Invalid datetime format: 'tomorrow'. Expected ISO 8601 format or Unix timestamp.",
    ],
    [
      'start_time=0001-01-01&end_time=9999-12-31&types=steps&bucket=5min',
      /^Too many buckets: \d+\. Use a larger bucket or a shorter range \(at most 5000\)\.$/,
    ],
    [
      'start_time=0001-01-01&end_time=9999-12-31&types=steps&bucket=month',
      'Too many buckets: 119988. Use a larger bucket or a shorter range (at most 5000).',
    ],
  ])('refuses %s', async (query, detail) => {
    const { body } = await api.client.get(aggregate(query)).expect(400);
    expect(body.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
  });

  it('refuses a type that does not exist and a user id that is none', async () => {
    await api.client.get(aggregate(`${RANGE}&types=mood&bucket=day`)).expect(400);
    await api.client.get(aggregate(`${RANGE}&types=steps&bucket=day`, 'x')).expect(400);
  });
});

describe('dashboard and config', () => {
  it('count what there is', async () => {
    const { body } = await api.developer.get('/api/v1/dashboard/stats').expect(200);
    expect(body).toEqual({
      total_users: { count: 2 },
      active_conn: { count: 3 },
      data_points: { count: 4, archived: 0 },
      event_records: { count: 0, workouts: 0, sleep: 0, menstrual_cycles: 0 },
      connections_coverage: {
        users_with_active: 2,
        users_with_multi_active: 1,
        top_providers: [
          { provider: 'garmin', count: 2 },
          { provider: 'oura', count: 1 },
        ],
      },
    });
    await api.developer.get('/api/v1/config').expect(200, { outgoing_webhooks_enabled: false });
    await api.anonymous.get('/api/v1/dashboard/stats').expect(401);
    await api.anonymous.get('/api/v1/config').expect(401);
  });
});

describe('meta', () => {
  it('tells the vocabulary to everybody', async () => {
    const get = async (name: string) => (await api.anonymous.get(`/api/v1/meta/${name}`).expect(200)).body;
    const series = await get('series-types');
    expect(series).toHaveLength(SERIES_TYPES.length);
    expect(series[0]).toEqual({
      id: 1,
      code: 'heart_rate',
      unit: 'bpm',
      category: 'Heart & Cardiovascular',
      aggregation: 'avg',
      plausible_range: [20, 250],
      description: expect.any(String),
    });
    const workouts = await get('workout-types');
    expect(workouts).toHaveLength(WORKOUT_TYPES.length);
    expect(workouts[0]).toEqual({ code: 'running', has_pace: true });
    expect(await get('sleep-stages')).toContainEqual({ code: 'rem' });
    expect(await get('score-categories')).toContainEqual({ code: 'recovery' });
    const devices = await get('devices');
    expect(devices).toHaveLength(DEVICE_MODELS.length);
    expect(devices).toContainEqual({ model: 'iPhone12,1', name: 'iPhone 11', device_type: 'phone' });
  });
});

describe('archival', () => {
  const PATH = '/api/v1/settings/archival';

  it('is set as a whole and shown with the space taken', async () => {
    const set = await api.developer.put(PATH, { archive_after_days: 30, delete_after_days: 60 }).expect(200);
    expect(set.body.settings).toEqual({ archive_after_days: 30, delete_after_days: 60 });
    expect(set.body.storage).toMatchObject({ growth_class: 'bounded', live_row_count: 4, archive_row_count: 0 });
    const storage = set.body.storage as Record<string, number>;
    const parts = ['live_data', 'live_index', 'archive_data', 'archive_index', 'other_tables'];
    expect(storage['total_bytes']).toBe(parts.reduce((sum, part) => sum + storage[`${part}_bytes`]!, 0));
    expect(storage['live_data_bytes']).toBeGreaterThan(0);
    expect(storage['live_data_span_days']).toBeGreaterThan(17);
    expect(set.body.storage.total_pretty).toMatch(/^\d+\.\d\d [KM]B$/);
    const less = await api.developer.put(PATH, { archive_after_days: 12 }).expect(200);
    expect(less.body.settings).toEqual({ archive_after_days: 12, delete_after_days: null });
    expect(less.body.storage.growth_class).toBe('linear_efficient');
    expect((await api.developer.get(PATH).expect(200)).body.settings).toEqual(less.body.settings);
    await api.developer.put(PATH, { archive_after_days: null }).expect(200);
    expect((await api.developer.get(PATH).expect(200)).body.storage.growth_class).toBe('linear');
  });

  it.each([
    [{ archive_after_days: 0 }, 'Input should be greater than or equal to 1'],
    [{ archive_after_days: 3651 }, 'Input should be less than or equal to 3650'],
    [{ delete_after_days: 7301 }, 'Input should be less than or equal to 7300'],
    [{ delete_after_days: 1.5 }, 'Input should be a valid integer, got a number with a fractional part'],
    [{ archive_after_days: {} }, 'Input should be a valid integer'],
    [{ archive_after_days: 'soon' }, 'Input should be a valid integer, unable to parse string as an integer'],
    [{ archive_after_days: 30, delete_after_days: 30 }, 'delete_after_days must be greater than archive_after_days'],
    [[], 'Input should be a valid dictionary or object to extract fields from'],
  ])('refuses %j', async (body, detail) => {
    const answer = await api.developer.put(PATH, body).expect(400);
    expect(answer.body.detail).toBe(detail);
  });

  it('runs on demand; its task tells what it did, and the day’s total stays', async () => {
    const day = new Date(Math.floor((now - 20 * DAY) / DAY) * 86_400_000).toISOString().slice(0, 10);
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const steps = async (): Promise<unknown> =>
      (await api.client.get(aggregate(`start_time=${day}&end_time=${next}&types=steps&bucket=day`)).expect(200)).body;
    const before = await steps();
    await api.developer.put(PATH, { archive_after_days: 12 }).expect(200);
    const { body } = await api.developer.post(`${PATH}/run`).expect(202);
    expect(body).toEqual({ task_id: expect.any(String), status: 'dispatched' });
    let task = await api.client.get(`/api/v1/tasks/${body.task_id}`).expect(200);
    for (let n = 0; n < 200 && ['queued', 'running'].includes(task.body.state); n++) {
      await pause(50);
      task = await api.client.get(`/api/v1/tasks/${body.task_id}`).expect(200);
    }
    expect(task.body).toMatchObject({
      state: 'succeeded',
      progress: 1,
      result: { points_dropped: 3, rollups_archived: 3, is_complete: true },
    });
    const { body: stats } = await api.developer.get('/api/v1/dashboard/stats').expect(200);
    expect(stats.data_points).toEqual({ count: 1, archived: 3 });
    expect(await steps()).toEqual(before);
    await api.anonymous.post(`${PATH}/run`).expect(401);
  });
});
