import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { MINUTE, seriesTypeByCode, type PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { rollupLines, stateOf } from './derived-state.js';

jest.setTimeout(60_000);

const STEPS = seriesTypeByCode('steps')!.id;
const HEART_RATE = seriesTypeByCode('heart_rate')!.id;

let test: TestDatabase;
let user: { id: string; key: number };
const writer = new HealthWriter();
const write = (...points: PointInput[]) => writer.write(test.db, user, batchOf(points), { now: NOW });

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => {
  expect((await verifyRollups(test.db)).differences).toEqual([]);
  await test.close();
});
beforeEach(async () => {
  user = await given(test.db).user();
});

/** Drops the points of one local date as archiving does, for points without zone offset. */
async function archive(date: string): Promise<void> {
  await test.db.transaction(async (sql) => {
    await sql.query(
      `WITH archived AS (
         UPDATE rollup SET archived = true WHERE user_key = $1 AND local_date = $2 RETURNING 1
       )
       INSERT INTO platform_counter AS c (name, shard, value)
       SELECT 'archived_rollups', $1 % 32, count(*) FROM archived
       ON CONFLICT (name, shard) DO UPDATE SET value = c.value + excluded.value`,
      [user.key, date],
    );
    await sql.query(
      `WITH dropped AS (
         DELETE FROM point WHERE user_key = $1 AND recorded_at >= $2::date AND recorded_at < $2::date + 1
         RETURNING stream_id
       ), days AS (
         DELETE FROM stream_day WHERE user_key = $1 AND day = $2
       ), counted AS (
         UPDATE platform_counter SET value = value - (SELECT count(*) FROM dropped)
         WHERE name = 'points' AND shard = $1 % 32
       )
       UPDATE stream s SET point_count = s.point_count - d.points
       FROM (SELECT stream_id, count(*) AS points FROM dropped GROUP BY stream_id) d
       WHERE s.user_key = $1 AND s.id = d.stream_id`,
      [user.key, date],
    );
  });
}

describe('an archived date', () => {
  it('takes no late samples and says so', async () => {
    await write(point('2026-05-01T10:00:00Z'), point('2026-05-02T10:00:00Z'));
    await archive('2026-05-01');
    const before = await stateOf(test.db, user);
    const report = await write(point('2026-05-01T10:00:00Z', { value: 99 }), point('2026-05-01T11:00:00Z'));
    expect(report.points).toEqual({ inserted: 0, updated: 0, unchanged: 0 });
    expect(report.problems).toEqual([
      {
        collection: 'records',
        index: 0,
        path: null,
        message: 'ignored: the points of this day are archived',
        severity: 'warning',
      },
      expect.objectContaining({ index: 1, severity: 'warning' }),
    ]);
    expect(await stateOf(test.db, user)).toEqual(before);
  });

  it('lets the rest of the batch through', async () => {
    await write(point('2026-05-01T10:00:00Z'));
    await archive('2026-05-01');
    const report = await write(point('2026-05-01T12:00:00Z'), point('2026-05-02T00:00:00Z'));
    expect(report.points.inserted).toBe(1);
    expect(report.problems.map((problem) => problem.index)).toEqual([0]);
    expect(await rollupLines(test.db, user, HEART_RATE)).toEqual([
      '2026-05-01 count=1 sum=60',
      '2026-05-02 count=1 sum=60',
    ]);
  });

  it('judges by the local date of the sample', async () => {
    await write(point('2026-05-01T10:00:00Z'));
    await archive('2026-05-01');
    const late = point('2026-05-02T01:00:00Z', { zoneOffset: -120 });
    const early = point('2026-05-01T23:00:00Z', { zoneOffset: 120 });
    const report = await write(late, early);
    expect(report.problems.map((problem) => problem.index)).toEqual([0]);
    expect(report.points.inserted).toBe(1);
  });

  it('replaces its daily total by a late one, without a point', async () => {
    const total = (value: number): PointInput =>
      point('2026-05-01T00:00:00Z', { series: 'steps', isDailyTotal: true, value });
    await write(total(9000));
    await archive('2026-05-01');
    expect((await write(total(9500), total(9600))).points).toEqual({ inserted: 0, updated: 1, unchanged: 1 });
    expect(await rollupLines(test.db, user, STEPS, true)).toEqual(['2026-05-01 count=1 sum=9600']);
    expect((await write(total(9600))).points).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    const state = await stateOf(test.db, user);
    expect(state['points']).toEqual([]);
    expect(state['rollups']).toMatchObject([{ archived: true, last_value: 9600 }]);
  });

  it('of one stream leaves the streams without rollup on that date open', async () => {
    await write(point('2026-05-01T10:00:00Z'));
    await archive('2026-05-01');
    const steps = { series: 'steps', value: 12, endedAt: at('2026-05-01T10:00:00Z') + MINUTE };
    const report = await write(point('2026-05-01T10:00:00Z', steps), point('2026-05-01T10:00:00Z', { sourceIndex: 1 }));
    expect(report.points.inserted).toBe(2);
    expect(report.problems).toEqual([]);
  });
});
