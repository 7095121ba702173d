import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Instant, parseIsoInstant } from '#libs/model';
import { DataCountsReader, encodeCursor, SleepReader, TimeseriesReader, WorkoutReader } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { RecordingDatabase } from '../../support/recorded-scans.js';
import { summariesOf } from '../summaries/world.js';
import { rangeOf } from './ranges.js';
import { refreshCounters, seedPartitions, seedPoints, seedSource } from './seed.js';

jest.setTimeout(120_000);

const SERIES = ['heart_rate', 'steps', 'energy', 'oxygen_saturation', 'respiratory_rate', 'resting_heart_rate'];
const MONTHS = Array.from({ length: 24 }, (_, n) => new Date(Date.UTC(2024, n, 1)).toISOString());
const FAR = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const time = (text: string): Instant => parseIsoInstant(text)!;

let database: TestDatabase;
let owner: GivenUser;
let recording: RecordingDatabase;

/** A point every hour over two years for six series of one user, in 24 partitions, among others' points. */
beforeAll(async () => {
  database = await openTestDatabase();
  recording = new RecordingDatabase(database.dataSource);
  const { db } = database;
  await seedPartitions(db, MONTHS);
  const users = [await given(db).user(), await given(db).user()];
  owner = users[0]!;
  for (const user of users) {
    const source = await seedSource(db, user.key);
    for (const series of SERIES) await seedPoints(db, user.key, source, series, []);
  }
  await db.query(`
    INSERT INTO point (user_key, stream_id, recorded_at, value)
    SELECT s.user_key, s.id, at, 60
    FROM generate_series('2024-01-01Z', '2025-12-31T23:59Z', interval '1 hour') at, stream s`);
  await db.query(`
    INSERT INTO event (user_key, id, source_id, category, source_name, started_at, ended_at, local_date)
    SELECT d.user_key, gen_random_uuid(), d.id, c, 'x', at, at + interval '1 hour', at::date
    FROM data_source d, unnest(ARRAY['workout', 'sleep']) c,
         generate_series('2010-01-01Z', '2025-12-31Z', interval '1 day') at`);
  await refreshCounters(db, null);
  await db.query('VACUUM ANALYZE point, stream, stream_day, event, data_source, users');
});
afterAll(() => database.close());

const page =
  (start: string, end: string, cursor: string | null, types: string[] | null = null) =>
  () =>
    new TimeseriesReader(recording).page(owner.id, {
      range: rangeOf(start, end),
      types,
      resolution: 'raw',
      cursor,
      limit: 100,
    });

const ALL = ['2020-01-01', '2030-01-01'] as const;
const CUT = ['2024-02-03T04:05:06Z', '2025-11-10T09:08:07Z'] as const;
const deep = (isBackward: boolean): string => encodeCursor(['2025-05-05T05:05:05+00:00', FAR], isBackward);

describe('a page of the timeseries', () => {
  it.each([
    ['first', ...ALL, null],
    ['deep inside', ...ALL, deep(false)],
    ['backward', ...ALL, deep(true)],
    ['first of a cut range', ...CUT, null],
    ['deep inside of a cut range', ...CUT, deep(false)],
  ] as const)('%s reads few rows of few partitions, by index', async (_, start, end, cursor) => {
    const scans = await recording.scansOf(page(start, end, cursor));
    const points = scans.filter(({ relation }) => relation.startsWith('point'));
    expect(points.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
    const isCut = start === CUT[0];
    expect(new Set(points.map(({ relation }) => relation)).size).toBeLessThanOrEqual(isCut ? 4 : 2);
    const rows = points.reduce((sum, scan) => sum + scan.rows, 0);
    expect(rows).toBeGreaterThan(100);
    // A page and its surplus, and at most half a day of each stream at both ends of a cut range.
    expect(rows).toBeLessThan(1000 + (isCut ? 2 * SERIES.length * 13 : 0));
  });

  it('counts the days of a cut range from the shorter side', async () => {
    const scans = await recording.scansOf(page(...CUT, null));
    const days = scans.filter(({ relation }) => relation === 'stream_day').reduce((sum, scan) => sum + scan.rows, 0);
    expect(days).toBeGreaterThan(SERIES.length);
    expect(days).toBeLessThan(SERIES.length * 100);
  });
});

describe('the data summary', () => {
  const counts = (start: string | null, end: string | null) => () =>
    new DataCountsReader(recording).read(owner.id, {
      start: start === null ? null : time(start),
      end: end === null ? null : time(end),
    });

  it('of everything comes from counters and an index of events', async () => {
    const scans = await recording.scansOf(counts(null, null));
    expect(scans.filter(({ relation }) => relation.startsWith('point') || relation === 'stream_day')).toEqual([]);
    const events = scans.filter(({ relation }) => relation === 'event');
    expect(events.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
    expect(Math.max(...events.map(({ rows }) => rows))).toBeGreaterThan(0);
  });

  it('of a cut range reads the points of the two cut days alone', async () => {
    const scans = await recording.scansOf(counts(...CUT));
    const points = scans.filter(({ relation }) => relation.startsWith('point_'));
    expect(points.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
    const rows = points.reduce((sum, scan) => sum + scan.rows, 0);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(2 * SERIES.length * 13);
  });
});

it('the averages of a body read their days out of one or two partitions', async () => {
  const now = time('2025-06-03T12:00:00Z');
  const body = () =>
    summariesOf(recording).body(owner.id, { now, averagePeriodDays: 7, latestWindowHours: 4, explain: false });
  expect((await body())?.averaged.resting_heart_rate_bpm).toBe(60);
  const points = (await recording.scansOf(body)).filter(({ relation }) => relation.startsWith('point_'));
  expect(points.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
  expect(points.reduce((sum, { rows }) => sum + rows, 0)).toBe(7 * 24);
});

describe('a page of events', () => {
  it.each([
    ['workouts', () => new WorkoutReader(recording).page(owner.id, { ...events(), recordType: null })],
    ['sleep', () => new SleepReader(recording).page(owner.id, { ...events(), filterByPriority: false })],
  ])('of %s comes in order out of the index', async (_, work) => {
    const scans = (await recording.scansOf(work)).filter(({ relation }) => relation === 'event');
    expect(scans.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
    // What the cursor names is looked up too, and not found.
    expect(Math.min(...scans.map(({ rows }) => rows).filter((rows) => rows > 0))).toBe(51);
  });

  const events = () => ({
    range: rangeOf('2014-01-01', '2025-01-01'),
    cursor: encodeCursor(['2016-05-05T05:05:05+00:00', FAR], false),
    limit: 50,
  });
});
