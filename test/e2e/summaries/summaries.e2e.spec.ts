import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter } from '#libs/ingest';
import { instantFromDate } from '#libs/model';
import { encodeCursor } from '#libs/read';
import { batch, cycle, score, session, workout } from '../../medium/ingest-events/batches.js';
import { dayTotal, everyMinute, PHONE, sample, time, WATCH } from '../../medium/summaries/world.js';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';

jest.setTimeout(60_000);

const NOBODY = '00000000-0000-4000-8000-000000000000';
const DATES = 'start_date=2026-03-01&end_date=2026-04-01';

let api: TestApi;
let owner: GivenUser;

beforeAll(async () => {
  api = await openTestApi();
  owner = await api.given.user({ birthDate: '1990-01-01' });
  const now = instantFromDate(new Date());
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const writer = new HealthWriter();
  const { db } = api.database;
  await writer.write(
    db,
    owner,
    batch({
      provider: 'garmin',
      sources: [WATCH],
      points: [
        ...everyMinute('steps', '2026-03-04T08:00:00Z', [40, 10]),
        ...everyMinute('heart_rate', '2026-03-04T08:00:00Z', [100, 150]),
        ...everyMinute('heart_rate', '2026-03-04T01:00:00Z', [50, 52]),
        dayTotal('energy', '2026-03-04T00:00:00Z', 300.5),
        sample('weight', hourAgo, 80),
        sample('height', hourAgo, 180),
        sample('resting_heart_rate', hourAgo, 55),
        sample('body_temperature', hourAgo, 36.6),
        sample('blood_pressure_systolic', hourAgo, 120),
        sample('blood_pressure_diastolic', hourAgo, 80),
      ],
      workouts: [
        workout({
          startedAt: time('2026-03-04T08:00:00Z'),
          endedAt: time('2026-03-04T09:00:00Z'),
          detail: { totalElevationGain: 12 },
        }),
      ],
      sleepSessions: [
        session('22:00', '06:00', { night: '2026-03-03' }),
        session('22:00', '06:00', { night: '2026-03-04' }),
      ],
      scores: [4, 5, 6].map((day) =>
        score({
          recordedAt: time(`2026-03-0${day}T07:00:00Z`),
          value: day,
          components: { spo2_percentage: { value: 96, qualifier: 'good' } },
        }),
      ),
    }),
    { now },
  );
  await writer.write(
    db,
    owner,
    batch({ provider: 'apple', sources: [PHONE], points: [sample('steps', '2026-03-05T08:00:00Z', 7)] }),
    { now },
  );
});
afterAll(() => api.close());

const users = (path: string, id = owner.id): string => `/api/v1/users/${id}/${path}`;

describe('summaries over HTTP', () => {
  it('activity', async () => {
    const { body } = await api.client.get(users(`summaries/activity?${DATES}&explain=true`)).expect(200);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({
      date: '2026-03-04',
      source: { provider: 'garmin', device_type: 'watch' },
      steps: 50,
      active_minutes: 1,
      sedentary_minutes: 1,
      active_calories_kcal: 300.5,
      elevation_meters: 12,
      floors_climbed: 4,
      intensity_minutes: { light: 1, moderate: 0, vigorous: 1 },
      heart_rate: { avg_bpm: 88, max_bpm: 150, min_bpm: 50 },
      explain: { steps: { reason: 'only_source', candidates: 1 } },
    });
    const desc = await api.client.get(users(`summaries/activity?${DATES}&sort_order=desc&limit=1`)).expect(200);
    expect(desc.body.data.map((day: { date: string }) => day.date)).toEqual(['2026-03-05']);
    const cursor = desc.body.pagination.next_cursor as string;
    const next = await api.client.get(users(`summaries/activity?${DATES}&sort_order=desc&limit=1&cursor=${cursor}`));
    expect(next.body.data.map((day: { date: string }) => day.date)).toEqual(['2026-03-04']);
    expect(next.body.data[0]).not.toHaveProperty('explain');
  });

  it('sleep', async () => {
    const { body } = await api.client.get(users(`summaries/sleep?${DATES}&limit=1&explain=1`)).expect(200);
    expect(body.data).toMatchObject([
      {
        date: '2026-03-04',
        duration_minutes: 400,
        avg_heart_rate_bpm: 51,
        explain: { sleep: { reason: 'only_source' } },
      },
    ]);
    expect(body.pagination).toMatchObject({ has_more: true, total_count: null, previous_cursor: null });
  });

  it('recovery', async () => {
    const { body } = await api.client.get(users(`summaries/recovery?${DATES}&explain=true`)).expect(200);
    expect(body.data).toHaveLength(3);
    expect(body.data[0]).toMatchObject({
      recovery_score: 4,
      avg_spo2_percent: 96,
      explain: { recovery_score: { candidates: 1 } },
    });
  });

  it('body, and null for who has none', async () => {
    const { body } = await api.client.get(users('summaries/body?average_period=1&explain=true')).expect(200);
    expect(body).toMatchObject({
      slow_changing: { weight_kg: 80, height_cm: 180, bmi: 24.7 },
      averaged: { period_days: 1, resting_heart_rate_bpm: 55 },
      latest: { body_temperature_celsius: 36.6, blood_pressure: { avg_systolic_mmhg: 120 } },
      explain: { weight: { reason: 'only_source' }, blood_pressure: { candidates: 1 } },
    });
    const { text } = await api.client.get(users('summaries/body', NOBODY)).expect(200);
    expect(text).toBe('null');
  });

  it('are empty for nobody and closed without credentials', async () => {
    for (const name of ['activity', 'sleep', 'recovery']) {
      const { body } = await api.client.get(users(`summaries/${name}?${DATES}`, NOBODY)).expect(200);
      expect(body.data).toEqual([]);
      await api.anonymous.get(users(`summaries/${name}?${DATES}`)).expect(401);
    }
  });

  it.each(
    ['activity', 'sleep', 'recovery'].flatMap((name) => [
      [name, 'start_date=2026-03-01', 'Field required'],
      [name, `${DATES}&limit=0`, 'Input should be greater than or equal to 1'],
      [name, `${DATES}&limit=1001`, 'Input should be less than or equal to 1000'],
      [name, `${DATES}&cursor=abc`, "Invalid cursor format: 'abc'. Expected 'timestamp|id'."],
      [name, `${DATES}&explain=perhaps`, 'Input should be a valid boolean, unable to interpret input'],
      [name, 'start_date=x&end_date=1', "Invalid datetime format: 'x'. Expected ISO 8601 format or Unix timestamp."],
    ]),
  )('%s refuses %s', async (name, query, detail) => {
    const { body } = await api.client.get(users(`summaries/${name}?${query}`)).expect(400);
    expect(body.detail).toBe(detail);
  });

  it.each([
    ['activity', `${DATES}&sort_order=up`, "String should match pattern '^(asc|desc)$'"],
    ['body', 'average_period=8', 'Input should be less than or equal to 7'],
    ['body', 'latest_window_hours=0', 'Input should be greater than or equal to 1'],
  ])('%s refuses %s', async (name, query, detail) => {
    const { body } = await api.client.get(users(`summaries/${name}?${query}`)).expect(400);
    expect(body.detail).toBe(detail);
  });
});

describe('a cursor of another list', () => {
  const LISTS: Record<string, string> = {
    activity: `summaries/activity?${DATES}`,
    sleep: `summaries/sleep?${DATES}`,
    recovery: `summaries/recovery?${DATES}`,
    workouts: `events/workouts?${DATES}`,
    timeseries: 'timeseries?start_time=2026-03-01&end_time=2026-04-01',
  };
  /** What the lists hand out: whether each of them takes the cursor for one of its own form. */
  const CURSORS: [string, string[], string[]][] = [
    ['activity', ['2026-03-04', 'Watch', 'Watch7,1'], ['activity']],
    ['sleep', ['2026-03-04T00:00:00+00:00', NOBODY], ['sleep', 'recovery', 'workouts', 'timeseries']],
    ['recovery', ['2026-03-04T07:00:00+00:00', NOBODY], ['recovery', 'workouts', 'timeseries']],
    ['timeseries', ['2026-03-04T08:00:00.000001+00:00', NOBODY], ['recovery', 'workouts', 'timeseries']],
    ['none: no id', ['2026-03-04T08:00:00+00:00', 'x'], []],
    ['none: no date', ['2026-02-30', 'a', 'b'], []],
    ['none: too far', ['9999-12-31', 'a', 'b'], []],
    ['none: one field', ['2026-03-04'], []],
    ['none: more fields', ['2026-03-04T08:00:00+00:00', NOBODY, NOBODY], []],
  ];

  it.each(CURSORS)('%s is a place, or refused, never a fault', async (_, fields, takers) => {
    for (const isBackward of [false, true]) {
      const cursor = encodeCursor(fields, isBackward);
      for (const [list, path] of Object.entries(LISTS)) {
        const { status, body } = await api.client.get(users(`${path}&cursor=${encodeURIComponent(cursor)}`));
        const isTaken = takers.includes(list);
        expect([list, cursor, status]).toEqual([list, cursor, isTaken ? 200 : 400]);
        if (!isTaken) expect(body.detail).toBe(`Invalid cursor format: '${cursor}'. Expected 'timestamp|id'.`);
      }
    }
  });
});

describe('a cursor that a list handed out', () => {
  const YEAR = 'start_date=2026-01-01&end_date=2026-12-31';
  const TIMES = 'timeseries?start_time=2026-01-01&end_time=2026-12-31';
  const LISTS: Record<string, string> = {
    activity: `summaries/activity?${YEAR}`,
    night: `summaries/sleep?${YEAR}`,
    recovery: `summaries/recovery?${YEAR}`,
    workouts: `events/workouts?${YEAR}`,
    sleep: `events/sleep?${YEAR}`,
    cycles: `events/menstrual-cycles?${YEAR}`,
    timeseries: TIMES,
  };
  let other: GivenUser;

  beforeAll(async () => {
    other = await api.given.user();
    await new HealthWriter().write(
      api.database.db,
      other,
      batch({
        provider: 'garmin',
        sources: [WATCH],
        points: everyMinute('steps', '2026-03-04T08:00:00Z', [1, 2]).concat(
          everyMinute('steps', '2026-03-05T08:00:00Z', [1]),
        ),
        workouts: ['03', '04'].map((day) =>
          workout({
            externalId: `w${day}`,
            startedAt: time(`2026-03-${day}T08:00:00Z`),
            endedAt: time(`2026-03-${day}T09:00:00Z`),
          }),
        ),
        sleepSessions: ['2026-03-03', '2026-03-04'].map((night) => session('22:00', '06:00', { night })),
        scores: [4, 5].map((day) => score({ recordedAt: time(`2026-03-0${day}T07:00:00Z`), value: day })),
        cycles: ['02', '03'].map((month) =>
          cycle({
            externalId: `c${month}`,
            startedAt: time(`2026-${month}-04T00:00:00Z`),
            endedAt: time(`2026-${month}-08T00:00:00Z`),
          }),
        ),
      }),
      { now: instantFromDate(new Date()) },
    );
  });

  it.each(Object.keys(LISTS))('%s leads on there and is refused everywhere else', async (from) => {
    const first = await api.client.get(users(`${LISTS[from]!}&limit=1`, other.id)).expect(200);
    const { next_cursor: next } = first.body.pagination as { next_cursor: string };
    const second = await api.client.get(users(`${LISTS[from]!}&limit=1&cursor=${next}`, other.id)).expect(200);
    const { previous_cursor: previous } = second.body.pagination as { previous_cursor: string };
    for (const cursor of [next, previous]) {
      for (const [to, path] of Object.entries(LISTS)) {
        const { status, body } = await api.client.get(users(`${path}&cursor=${cursor}`, other.id));
        expect([to, status]).toEqual([to, to === from ? 200 : 400]);
        if (to !== from) expect(body.detail).toBe(`Invalid cursor format: '${cursor}'. Expected 'timestamp|id'.`);
      }
    }
  });
});

describe('GET health-scores', () => {
  it('pages by offset, newest first, with the exact total', async () => {
    const first = await api.client.get(users('health-scores?limit=2')).expect(200);
    expect(first.body.data.map((item: { value: number }) => item.value)).toEqual([6, 5]);
    expect(first.body.data[0]).toMatchObject({
      category: 'recovery',
      provider: 'garmin',
      zone_offset: '+01:00',
      recorded_at: '2026-03-06T07:00:00Z',
      components: { spo2_percentage: { value: 96, qualifier: 'good' } },
    });
    expect(first.body.pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: true, total_count: 3 });
    const rest = await api.client.get(users('health-scores?limit=2&offset=2')).expect(200);
    expect(rest.body.data.map((item: { value: number }) => item.value)).toEqual([4]);
    expect(rest.body.pagination).toMatchObject({ has_more: false, total_count: 3 });
  });

  it.each([
    ['category=recovery&provider=garmin', 3],
    ['category=sleep', 0],
    ['provider=internal', 0],
    ['start_date=2026-03-05&end_date=', 2],
    ['start_date=2026-03-04T07:00:00Z&end_date=2026-03-06T07:00:00Z', 2],
    ['start_date=&end_date=2026-03-04T07:00:00Z', 0],
    ['offset=99', 3],
  ])('%s finds %d', async (query, total) => {
    const { body } = await api.client.get(users(`health-scores?${query}`)).expect(200);
    expect(body.pagination).toMatchObject({ total_count: total, has_more: false });
  });

  it.each([
    ['start_date=2026-03-05&end_date=2026-03-05', 'start_datetime must be before end_datetime'],
    ['start_date=2026-03-05T00:00:00Z&end_date=2026-03-04', 'start_datetime must be before end_datetime'],
    ['offset=-1', 'Input should be greater than or equal to 0'],
    ['limit=1001', 'Input should be less than or equal to 1000'],
    [
      'category=mood',
      "Input should be 'sleep', 'recovery', 'readiness', 'activity', 'stress', 'resilience', 'body_battery' or 'strain'",
    ],
    ['start_date=soon', "Invalid datetime format: 'soon'. Expected ISO 8601 format or Unix timestamp."],
  ])('refuses %s', async (query, detail) => {
    const { body } = await api.client.get(users(`health-scores?${query}`)).expect(400);
    expect(body.detail).toBe(detail);
  });

  it('is empty for nobody and closed without credentials', async () => {
    const { body } = await api.client.get(users('health-scores', NOBODY)).expect(200);
    expect([body.data, body.pagination.total_count]).toEqual([[], 0]);
    await api.anonymous.get(users('health-scores')).expect(401);
  });
});

describe('priorities', () => {
  it('of all users are listed and set, one or many', async () => {
    const { body: one } = await api.developer.put('/api/v1/priorities/providers/oura', { priority: 1 }).expect(200);
    expect(one).toMatchObject({ provider: 'oura', priority: 1 });
    const many = await api.developer.put('/api/v1/priorities/providers', {
      priorities: [{ provider: 'unknown', priority: 100 }],
    });
    expect(many.status).toBe(200);
    expect(many.body.items.at(-1)).toMatchObject({ provider: 'unknown', priority: 100 });
    await api.developer.get('/api/v1/priorities/providers').expect(200, many.body);
    await api.developer.put('/api/v1/priorities/device-types/unknown', { priority: 7 }).expect(200);
    const types = await api.developer.put('/api/v1/priorities/device-types', {
      priorities: [{ device_type: 'ring', priority: '2' }],
    });
    expect(types.body.items.slice(0, 3).map((item: { device_type: string }) => item.device_type)).toEqual([
      'watch',
      'band',
      'ring',
    ]);
    await api.developer.get('/api/v1/priorities/device-types').expect(200, types.body);
    await api.anonymous.get('/api/v1/priorities/providers').expect(401);
  });

  it.each([
    ['providers/fitbot', { priority: 1 }, /^Input should be 'apple', /],
    ['providers/oura', { priority: 0 }, /^Input should be greater than or equal to 1$/],
    ['providers/oura', { priority: 101 }, /^Input should be less than or equal to 100$/],
    ['providers/oura', {}, /^Field required$/],
    ['providers', {}, /^Field required$/],
    ['providers', { priorities: {} }, /^Input should be a valid list$/],
    ['providers', { priorities: [{ provider: 'oura' }] }, /^Field required$/],
    ['device-types', { priorities: [{ device_type: 'shoe', priority: 1 }] }, /^Input should be 'watch', /],
    ['device-types/watch', { priority: 1.5 }, /fractional part$/],
  ])('%s refuses %j', async (path, sent, detail) => {
    const { body } = await api.developer.put(`/api/v1/priorities/${path}`, sent).expect(400);
    expect(body.detail).toMatch(detail);
  });

  it('of one user are replaced as a whole', async () => {
    const other = await api.given.user();
    const items = [
      { provider: 'oura', device_type: null },
      { provider: null, device_type: 'phone' },
    ];
    await api.client.get(users('priorities', other.id)).expect(200, { items: [] });
    await api.client
      .put(users('priorities', other.id), { items: [{ provider: 'oura' }, { device_type: 'phone' }] })
      .expect(200, { items });
    await api.client.put(users('priorities', other.id), { items }).expect(200, { items });
    await api.client.get(users('priorities', other.id)).expect(200, { items });
    await api.client.put(users('priorities', other.id), { items: [] }).expect(200, { items: [] });
    await api.client.get(users('priorities', NOBODY)).expect(404, { detail: 'User not found' });
    await api.client.put(users('priorities', NOBODY), { items }).expect(404, { detail: 'User not found' });
    await api.anonymous.get(users('priorities')).expect(401);
  });

  it.each([
    ['nothing', {}, /^Field required$/],
    ['an empty entry', { items: [{}] }, /^Value error, at least one of provider and device_type is required$/],
    ['an entry of nulls', { items: [{ provider: null, device_type: null }] }, /^Value error/],
    ['a strange provider', { items: [{ provider: 'x' }] }, /^Input should be 'apple', /],
    ['text', { items: ['oura'] }, /^Input should be a valid dictionary/],
    ['too many', { items: Array(101).fill({ provider: 'oura' }) }, /^List should have at most 100 items/],
  ])('of one user refuse %s', async (_, sent, detail) => {
    const { body } = await api.client.put(users('priorities'), sent).expect(400);
    expect(body.detail).toMatch(detail);
  });
});
