import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Database } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import { DAY, HOUR, MINUTE } from '#libs/model';
import { type AggregateQuery, AggregateReader, DashboardReader, UserFinder } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { RecordingDatabase, type Scan } from '../../support/recorded-scans.js';
import { at, batchOf, NOW, point } from '../ingest-points/batches.js';
import { rangeOf } from '../read/ranges.js';

jest.setTimeout(120_000);

let test: TestDatabase;
let user: GivenUser;

const read = (start: string, end: string, query: Partial<AggregateQuery>, db: Database) =>
  new AggregateReader(db, new UserFinder(db)).read(user.id, {
    range: rangeOf(start, end),
    types: ['steps'],
    bucket: 'day',
    functions: ['sum'],
    timeZone: null,
    maxBuckets: 5000,
    ...query,
  });

beforeAll(async () => {
  test = await openTestDatabase();
  const start = at('2025-01-01T00:00:00Z');
  const year = Array.from({ length: (365 * DAY) / (30 * MINUTE) }, (_, n) =>
    point(start + n * 30 * MINUTE, { series: 'steps', value: n % 50 }),
  );
  const others = Array.from({ length: 365 * 24 }, (_, n) => point(start + n * HOUR));
  for (let n = 0; n < 2; n++) {
    user = await given(test.db).user();
    await new HealthWriter().write(test.db, user, batchOf([...year, ...others]), { now: NOW });
  }
  await test.db.query('ANALYZE');
});

afterAll(() => test.close());

const scansOf = (work: (db: Database) => Promise<unknown>): Promise<Scan[]> => {
  const recording = new RecordingDatabase(test.dataSource);
  return recording.scansOf(() => work(recording));
};

it('a year by day comes from rollups alone', async () => {
  const scans = await scansOf((db) => read('2025-01-01', '2026-01-01', {}, db));
  expect(scans.filter(({ relation }) => relation.startsWith('point'))).toEqual([]);
  const rollups = scans.filter(({ relation }) => relation === 'rollup');
  expect(rollups.map(({ rows }) => rows)).toEqual([365]);
  expect(rollups[0]!.type).toMatch(/Index|Bitmap Heap/);
});

it.each([
  ['hours', { bucket: 'hour' as const }],
  ['days of a zone', { timeZone: 'Europe/Berlin', functions: ['last' as const, 'sum' as const] }],
])('%s read the points of their range by index', async (_, query) => {
  const scans = await scansOf((db) => read('2025-03-10', '2025-03-12', query, db));
  const points = scans.filter(({ relation }) => relation.startsWith('point_'));
  expect(points.length).toBeGreaterThan(0);
  expect(points.filter(({ type }) => type === 'Seq Scan')).toEqual([]);
  const rows = points.reduce((sum, scan) => sum + scan.rows, 0);
  expect(rows).toBeGreaterThanOrEqual(96);
  expect(rows).toBeLessThanOrEqual(160);
});

it('the dashboard looks at no sample, rollup or event', async () => {
  const scans = await scansOf((db) => new DashboardReader(db).stats());
  expect(new Set(scans.map(({ relation }) => relation))).toEqual(new Set(['users', 'connection', 'platform_counter']));
});
