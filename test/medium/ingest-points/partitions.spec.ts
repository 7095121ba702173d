import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { HealthWriter, PointPartitions, verifyRollups } from '#libs/ingest';
import { DAY, HOUR } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';

jest.setTimeout(60_000);

let test: TestDatabase;

beforeEach(async () => {
  test = await openTestDatabase();
});
afterEach(() => test.close());

const partitions = async (): Promise<string[]> => {
  const rows = await test.db.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'point'::regclass ORDER BY 1`,
  );
  return rows.map((row) => row.name);
};

it('come into being for the months of the data, with one for everything before 2000', async () => {
  const user = await given(test.db).user();
  const times = [
    '1985-03-01T00:00:00Z',
    '1999-12-31T23:59:59.999999Z',
    '2000-01-01T00:00:00Z',
    '2026-11-30T23:59:59.999999Z',
  ];
  await new HealthWriter().write(
    test.db,
    user,
    batchOf([...times, '2026-12-01T00:00:00Z'].map((time) => point(time))),
    {
      now: NOW,
    },
  );
  expect(await partitions()).toEqual(['point_2000_01', 'point_2026_11', 'point_2026_12', 'point_early']);
  const counts = await test.db.query(
    'SELECT tableoid::regclass::text AS name, count(*) FROM point GROUP BY 1 ORDER BY 1',
  );
  expect(counts.map((row) => row['count'])).toEqual([1, 1, 1, 2]);
});

it('are not made for points that are not stored', async () => {
  const user = await given(test.db).user();
  const far = point(at('2031-01-01T00:00:00Z'));
  await new HealthWriter().write(test.db, user, batchOf([far, point(NaN)]), { now: NOW });
  expect(await partitions()).toEqual([]);
});

it('are made once by 8 writers over 30 months, and nobody waits for a lock on the parent', async () => {
  const start = at('2024-07-15T12:00:00Z');
  const points = Array.from({ length: 30 * 31 }, (_, day) => point(start + day * DAY)).filter(
    ({ recordedAt }) => recordedAt < NOW,
  );
  const users = await Promise.all(Array.from({ length: 8 }, () => given(test.db).user()));
  // Somebody reads the parent all the while.
  const reader = test.db.transaction(async (sql) => {
    await sql.query('SELECT count(*) FROM point');
    // A writer per process: each has to find out by itself what there is.
    await Promise.all(users.map((user) => new HealthWriter().write(test.db, user, batchOf(points), { now: NOW })));
  });
  await reader;
  expect((await partitions()).length).toBe(30);
  expect((await verifyRollups(test.db)).differences).toEqual([]);
});

it('are made again when one was dropped behind the back of a running writer', async () => {
  const user = await given(test.db).user();
  const writer = new HealthWriter();
  await writer.write(test.db, user, batchOf([point('2026-05-01T10:00:00Z')]), { now: NOW });
  await test.db.query('DROP TABLE point_2026_05');
  const report = await writer.write(test.db, user, batchOf([point('2026-05-02T10:00:00Z')]), { now: NOW });
  expect(report.points.inserted).toBe(1);
});

it('are found by a session that holds its own connection', async () => {
  const user = await given(test.db).user();
  const writer = new HealthWriter();
  const report = await test.db.tryExclusive(1, user.id, (session) =>
    writer.write(session, user, batchOf([point('2026-05-01T10:00:00Z')]), { now: NOW }),
  );
  expect(report?.points.inserted).toBe(1);
});

it('are asked for once per month, not once per batch', async () => {
  const keeper = new PointPartitions();
  const points = [point('2026-05-01T10:00:00Z')];
  await keeper.ensure(test.db, points, NOW);
  let asked = 0;
  const counting = {
    query: test.db.query.bind(test.db),
    transaction: () => {
      asked++;
      return Promise.reject(new Error('no need'));
    },
  };
  await keeper.ensure(counting, [...points, point(at('2026-05-31T10:00:00Z') + HOUR)], NOW);
  expect(asked).toBe(0);
});

it('survives stream bounds that are too narrow for the stored points', async () => {
  const user = await given(test.db).user();
  const writer = new HealthWriter();
  const batch = batchOf([point('2026-05-01T10:00:00Z'), point('2026-05-01T11:00:00Z')]);
  await writer.write(test.db, user, batch, { now: NOW });
  await test.db.query('UPDATE stream SET last_at = first_at');
  const report = await writer.write(test.db, user, batch, { now: NOW });
  expect(report.points).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
});
