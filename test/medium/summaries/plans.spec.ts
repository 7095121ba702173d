import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { seriesTypeByCode } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { RecordingDatabase, type Scan } from '../../support/recorded-scans.js';
import { rangeOf } from '../read/ranges.js';
import { seedSource } from '../read/seed.js';
import { summariesOf } from './world.js';

jest.setTimeout(120_000);

const SERIES = [
  'steps',
  'energy',
  'basal_energy',
  'heart_rate',
  'distance_walking_running',
  'weight',
  'body_temperature',
];

let test: TestDatabase;
let recording: RecordingDatabase;
let owner: GivenUser;

/** Two users with three years of rollups, nights and workouts of three sources each. */
beforeAll(async () => {
  test = await openTestDatabase();
  recording = new RecordingDatabase(test.dataSource);
  const { db } = test;
  for (let n = 0; n < 2; n++) {
    owner = await given(db).user();
    for (const provider of ['garmin', 'apple', 'oura']) await seedSource(db, owner.key, { provider, source: provider });
  }
  const ids = SERIES.map((code) => seriesTypeByCode(code)!.id);
  await db.query(
    `INSERT INTO stream (user_key, source_id, series_type, is_daily_total, point_count)
     SELECT d.user_key, d.id, t, false, 1000 FROM data_source d, unnest($1::smallint[]) t`,
    [ids],
  );
  await db.query(`
    INSERT INTO rollup (user_key, stream_id, local_date, point_count, sum_value, min_value, max_value, first_value,
                        first_at, last_value, last_at, minute_levels, minute_counts)
    SELECT user_key, id, day, 10, 600, 50, 70, 60, day, 60, day + interval '20 hours', '{0,1}', '{1,2}'
    FROM stream, generate_series('2024-01-01Z', '2026-12-31Z', interval '1 day') day`);
  await db.query(`
    INSERT INTO event (user_key, id, source_id, category, source_name, started_at, ended_at, local_date, duration_seconds)
    SELECT user_key, gen_random_uuid(), id, category, 'x', day, day + interval '6 hours', day::date, 21600
    FROM data_source, unnest(ARRAY['sleep', 'workout']) category,
      generate_series('2024-01-01Z', '2026-12-31Z', interval '1 day') day`);
  await db.query(
    `INSERT INTO sleep_detail (user_key, event_id, is_nap) SELECT user_key, id, false FROM event WHERE category = 'sleep'`,
  );
  await db.query(
    `INSERT INTO workout_detail (user_key, event_id, total_elevation_gain) SELECT user_key, id, 5 FROM event WHERE category = 'workout'`,
  );
  await db.query(`
    INSERT INTO event_vital (user_key, event_id, stream_id, point_count, sum_value)
    SELECT e.user_key, e.id, s.id, 10, 600 FROM event e JOIN stream s ON s.user_key = e.user_key AND s.source_id = e.source_id
    WHERE e.category = 'sleep' AND s.series_type = ${seriesTypeByCode('heart_rate')!.id}`);
  await db.query(`
    INSERT INTO health_score (user_key, id, provider, category, value, recorded_at, source_id)
    SELECT user_key, gen_random_uuid(), provider, category, 50, day, id
    FROM data_source, unnest(ARRAY['recovery', 'sleep']) category,
      generate_series('2024-01-01Z', '2026-12-31Z', interval '1 day') day`);
});
afterAll(() => test.close());

const rowsOf = (scans: readonly Scan[], relation: string): number =>
  scans.filter((scan) => scan.relation === relation).reduce((sum, { rows }) => sum + rows, 0);

const query = (limit: number, cursor: string | null = null) => ({
  range: rangeOf('2024-01-01', '2027-01-01'),
  limit,
  cursor,
  explain: true,
});

const BIG = ['health_score', 'rollup', 'event', 'event_vital', 'sleep_detail', 'workout_detail'];

// What is read may not hang on what the planner knows about the tables.
describe.each(['without statistics', 'with statistics'])('%s', (situation) => {
  beforeAll(async () => {
    if (situation === 'with statistics')
      await test.db.query(`VACUUM ANALYZE stream, data_source, users, ${BIG.join(', ')}`);
  });

  it.each([
    ['first', 'asc', 30, false],
    ['first, newest first', 'desc', 30, false],
    ['deep inside', 'asc', 30, true],
    ['of a whole year', 'asc', 365, false],
  ] as const)('activity, page %s, reads the rollups of its dates and no point', async (_, sortOrder, limit, isDeep) => {
    const cursor = isDeep ? Buffer.from('2025-06-01|x|').toString('base64url').padEnd(20, '=') : null;
    const summaries = summariesOf(recording);
    expect((await summaries.activity(owner.id, { ...query(limit, cursor), sortOrder })).data).toHaveLength(limit);
    const scans = await recording.scansOf(() => summaries.activity(owner.id, { ...query(limit, cursor), sortOrder }));
    expect(scans.filter(({ relation }) => relation.startsWith('point'))).toEqual([]);
    expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && BIG.includes(relation))).toEqual([]);
    const streams = 5 * 3;
    const rollups = rowsOf(scans, 'rollup');
    expect(rollups).toBeGreaterThanOrEqual(streams * limit);
    // Once to find the dates, once to read them.
    expect(rollups).toBeLessThanOrEqual(2 * streams * (limit + 1));
    expect(rowsOf(scans, 'event')).toBeLessThanOrEqual(3 * limit);
  });

  it.each([30, 365])('sleep reads the events of its %d nights and no point', async (limit) => {
    const summaries = summariesOf(recording);
    expect((await summaries.sleep(owner.id, query(limit))).data).toHaveLength(limit);
    const scans = await recording.scansOf(() => summaries.sleep(owner.id, query(limit)));
    expect(scans.filter(({ relation }) => relation.startsWith('point'))).toEqual([]);
    expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && BIG.includes(relation))).toEqual([]);
    expect(rowsOf(scans, 'event')).toBeLessThanOrEqual(2 * 3 * (limit + 1) + 3);
  });

  it.each([30, 365])('recovery reads the scores of its %d days', async (limit) => {
    const summaries = summariesOf(recording);
    expect((await summaries.recovery(owner.id, query(limit))).data).toHaveLength(limit);
    const scans = await recording.scansOf(() => summaries.recovery(owner.id, query(limit)));
    expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && BIG.includes(relation))).toEqual([]);
    // Of three sources; three days around the page may belong to its dates, and one row finds where it begins.
    expect(rowsOf(scans, 'health_score')).toBeLessThanOrEqual(3 * (limit + 1 + 3) + 1);
  });

  it('body reads a few rollups per stream', async () => {
    const now = Date.UTC(2026, 11, 31) * 1000;
    const read = () =>
      summariesOf(recording).body(owner.id, { now, averagePeriodDays: 7, latestWindowHours: 4, explain: false });
    expect(await read()).not.toBeNull();
    const scans = await recording.scansOf(read);
    expect(scans.filter(({ type, relation }) => type === 'Seq Scan' && BIG.includes(relation))).toEqual([]);
    expect(rowsOf(scans, 'rollup')).toBeLessThanOrEqual(3 * 3);
  });
});
