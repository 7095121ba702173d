import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';

describe('Database', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await openTestDatabase();
  });

  afterAll(() => test.close());

  it.each([
    ['2031-05-02T06:07:08.000120Z', '2031-05-02T06:07:08.000120Z'],
    ['2031-05-02T06:07:08.5+02:00', '2031-05-02T04:07:08.500000Z'],
    ['2031-05-02T00:00:00+14:00', '2031-05-01T10:00:00Z'],
  ])('answers the instant %s as %s', async (instant, wire) => {
    expect(await test.db.query('SELECT $1::timestamptz AS at', [instant])).toEqual([{ at: wire }]);
  });

  it('answers dates as text, counts and sums as numbers, jsonb parsed', async () => {
    const [row] = await test.db.query(
      `SELECT '2031-05-02'::date AS day, count(*) AS rows, sum(1.5::numeric) AS total, '{"a":[1]}'::jsonb AS detail`,
    );
    expect(row).toEqual({ day: '2031-05-02', rows: 1, total: 1.5, detail: { a: [1] } });
  });

  it('speaks UTC on every connection, whatever the server thinks', async () => {
    const zones = await Promise.all([1, 2, 3].map(() => test.db.query('SHOW TimeZone')));
    expect(zones.flat()).toEqual(Array(3).fill({ TimeZone: 'UTC' }));
  });

  it('keeps what a transaction wrote', async () => {
    const user = await test.db.transaction((sql) => given(sql).user({ externalUserId: 'kept' }));
    expect(await test.db.query(`SELECT id FROM users WHERE external_user_id = 'kept'`)).toEqual([{ id: user.id }]);
  });

  it('forgets what a failed transaction wrote and rethrows', async () => {
    const failed = test.db.transaction(async (sql) => {
      await given(sql).user({ externalUserId: 'forgotten' });
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await test.db.query(`SELECT id FROM users WHERE external_user_id = 'forgotten'`)).toEqual([]);
  });

  it('lets one at a time hold a lock, and others hold other locks', async () => {
    const inner = await test.db.tryExclusive(1, 'a', async () => [
      await test.db.tryExclusive(1, 'a', () => Promise.resolve('same')),
      await test.db.tryExclusive(1, 'b', () => Promise.resolve('other key')),
      await test.db.tryExclusive(2, 'a', () => Promise.resolve('other space')),
    ]);
    expect(inner).toEqual([null, 'other key', 'other space']);
    expect(await test.db.tryExclusive(1, 'a', () => Promise.resolve('free again'))).toBe('free again');
  });

  it('frees the lock when the work fails', async () => {
    await expect(test.db.tryExclusive(1, 'c', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await test.db.tryExclusive(1, 'c', () => Promise.resolve('free'))).toBe('free');
  });

  it('runs transactions on the connection that holds the lock', async () => {
    const pids = await test.db.tryExclusive(1, 'd', async (session) => [
      await session.query('SELECT pg_backend_pid() AS pid'),
      await session.transaction((sql) => sql.query('SELECT pg_backend_pid() AS pid')),
    ]);
    expect(pids?.[0]).toEqual(pids?.[1]);
  });
});

describe('openTestDatabase', () => {
  it('gives every caller a migrated database of its own', async () => {
    const [one, two] = await Promise.all([openTestDatabase(), openTestDatabase()]);
    try {
      await given(one.db).user();
      expect(await one.db.query('SELECT count(*) AS users FROM users')).toEqual([{ users: 1 }]);
      expect(await two.db.query('SELECT count(*) AS users FROM users')).toEqual([{ users: 0 }]);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
});
