import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { counterShard, erasePoints, HealthWriter, verifyRollups } from '#libs/ingest';
import { HOUR, MINUTE } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { stateOf } from './derived-state.js';

jest.setTimeout(60_000);

let test: TestDatabase;
let user: { id: string; key: number };

/** Two days of heart rate and steps of two devices, with a night and a workout in them. */
const START = at('2026-05-01T12:00:00Z');
const BATCH = batchOf(
  Array.from({ length: 300 }, (_, i) => ({ recordedAt: START + i * 9 * MINUTE, sourceIndex: i % 2 })).flatMap(
    (fields) => [
      point(fields.recordedAt, { ...fields, zoneOffset: 120, value: 55 + (fields.recordedAt % 7) }),
      point(fields.recordedAt, {
        ...fields,
        series: 'steps',
        zoneOffset: 120,
        value: 40,
        endedAt: fields.recordedAt + MINUTE,
      }),
    ],
  ),
  {
    sleepSegments: [
      {
        sourceIndex: 0,
        zoneOffset: 120,
        origin: { collection: 'sleep', index: 0 },
        stage: 'light',
        startedAt: START + 9 * HOUR,
        endedAt: START + 17 * HOUR,
        externalId: 'night',
        sourceName: 'Watch',
        score: null,
      },
    ],
  },
);

beforeAll(async () => {
  test = await openTestDatabase();
  user = await given(test.db).user();
  await new HealthWriter().write(test.db, user, BATCH, { now: NOW });
});
afterAll(() => test.close());

describe('verification', () => {
  it('finds everything in order, and counted something', async () => {
    const { checked, differences } = await verifyRollups(test.db);
    expect(differences).toEqual([]);
    // 4 streams, 2 or 3 dates each twice, 2 streams of vitals, 1 shard
    expect(checked).toBeGreaterThan(20);
    expect(await test.db.query('SELECT stream_id FROM event_vital')).toHaveLength(2);
  });

  it.each([
    ['rollup', `UPDATE rollup SET sum_value = sum_value + 0.001 WHERE ctid = (SELECT min(ctid) FROM rollup)`],
    ['rollup', `UPDATE rollup SET minute_counts = '{1,1}' WHERE ctid = (SELECT max(ctid) FROM rollup)`],
    ['rollup', `DELETE FROM rollup WHERE ctid = (SELECT min(ctid) FROM rollup)`],
    [
      'rollup',
      `INSERT INTO rollup SELECT user_key, stream_id, local_date + 100, point_count, sum_value, min_value, max_value,
       first_value, first_at, last_value, last_at, minute_levels, minute_counts, archived FROM rollup LIMIT 1`,
    ],
    [
      'stream,platform_counter',
      `UPDATE stream SET point_count = point_count + 1 WHERE id = (SELECT min(id) FROM stream)`,
    ],
    [
      'stream',
      `UPDATE stream SET first_at = first_at - interval '1 microsecond' WHERE id = (SELECT min(id) FROM stream)`,
    ],
    ['stream', `UPDATE stream SET zone_max = 60 WHERE id = (SELECT min(id) FROM stream)`],
    ['stream_day', `UPDATE stream_day SET point_count = 0 WHERE ctid = (SELECT min(ctid) FROM stream_day)`],
    ['stream_day', `DELETE FROM stream_day WHERE ctid = (SELECT max(ctid) FROM stream_day)`],
    ['event_vital', `UPDATE event_vital SET point_count = 1 WHERE ctid = (SELECT min(ctid) FROM event_vital)`],
    ['event_vital', `DELETE FROM event_vital WHERE ctid = (SELECT min(ctid) FROM event_vital)`],
    ['platform_counter', `UPDATE platform_counter SET value = value - 1 WHERE name = 'points'`],
    ['platform_counter', `DELETE FROM platform_counter WHERE name = 'points'`],
  ])('finds a wrong %s after %s', async (tables, tampering) => {
    await inRolledBackTransaction(async (sql) => {
      await sql.query(tampering);
      const { differences } = await verifyRollups({ query: sql.query.bind(sql), transaction: nested(sql) });
      expect(differences.map(({ table }) => table).join()).toBe(tables);
    });
  });

  it('finds lost points', async () => {
    await inRolledBackTransaction(async (sql) => {
      await sql.query('DELETE FROM point WHERE ctid = (SELECT min(ctid) FROM point)');
      const { differences } = await verifyRollups({ query: sql.query.bind(sql), transaction: nested(sql) });
      expect(new Set(differences.map(({ table }) => table))).toEqual(new Set(['rollup', 'stream', 'stream_day']));
    });
  });

  it('changes nothing', async () => {
    const before = await stateOf(test.db, user);
    const vitals = await test.db.query('SELECT * FROM event_vital ORDER BY stream_id');
    await test.db.query('UPDATE event_vital SET point_count = point_count + 1');
    await verifyRollups(test.db);
    await test.db.query('UPDATE event_vital SET point_count = point_count - 1');
    expect(await stateOf(test.db, user)).toEqual(before);
    expect(await test.db.query('SELECT * FROM event_vital ORDER BY stream_id')).toEqual(vitals);
  });
});

describe('erasing', () => {
  beforeEach(async () => {
    user = await given(test.db).user();
    await new HealthWriter().write(test.db, user, BATCH, { now: NOW });
  });

  it('removes the points of a source and everything derived from them, and nothing else', async () => {
    const [watch] = await test.db.query<{ id: string }>(
      `SELECT id FROM data_source WHERE user_key = $1 AND device_model LIKE 'Watch%'`,
      [user.key],
    );
    const removed = await test.db.transaction((sql) => erasePoints(sql, user, [watch!.id]));
    expect(removed).toBe(300);
    const state = await stateOf(test.db, user);
    expect(state['points']).toHaveLength(300);
    expect((state['streams'] as { stream: string }[]).every(({ stream }) => stream.startsWith('iPhone'))).toBe(true);
    expect((await verifyRollups(test.db)).differences).toEqual([]);
  });

  it('takes the points out of the totals of the platform', async () => {
    const total = async (): Promise<number> => {
      const [row] = await test.db.query<{ value: number }>(
        `SELECT value FROM platform_counter WHERE name = 'points' AND shard = $1`,
        [counterShard(user.key)],
      );
      return row!.value;
    };
    const before = await total();
    const sources = await test.db.query<{ id: string }>('SELECT id FROM data_source WHERE user_key = $1', [user.key]);
    await erasePoints(
      test.db,
      user,
      sources.map(({ id }) => id),
    );
    expect(await total()).toBe(before - 600);
    expect(
      await erasePoints(
        test.db,
        user,
        sources.map(({ id }) => id),
      ),
    ).toBe(0);
    expect(await erasePoints(test.db, user, [])).toBe(0);
  });
});

interface Runner {
  query: TestDatabase['db']['query'];
}

/** Savepoints in place of transactions. The isolation level is that of the outer one. */
const nested =
  (sql: Runner) =>
  async <T>(work: (inner: Runner) => Promise<T>): Promise<T> => {
    await sql.query('SAVEPOINT inner_work');
    const inner: Runner = {
      query: (text, values) => (text.startsWith('SET TRANSACTION') ? Promise.resolve([]) : sql.query(text, values)),
    };
    try {
      const result = await work(inner);
      await sql.query('RELEASE inner_work');
      return result;
    } catch (error) {
      await sql.query('ROLLBACK TO inner_work');
      throw error;
    }
  };

async function inRolledBackTransaction(work: (sql: Runner) => Promise<void>): Promise<void> {
  const undo = new Error('undo');
  const done = test.db.transaction(async (sql) => {
    await work(sql);
    throw undo;
  });
  await done.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
}
