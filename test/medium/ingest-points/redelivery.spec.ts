import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { HOUR, MINUTE, SECOND, type HealthBatch, type PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { stateOf } from './derived-state.js';

jest.setTimeout(60_000);

let test: TestDatabase;
let user: { id: string; key: number };
const writer = new HealthWriter();
const write = (batch: HealthBatch) => writer.write(test.db, user, batch, { now: NOW });

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  user = await given(test.db).user();
});

/** Heart rate every 20 s and steps every minute, of two devices, from `start` on. */
function stretch(start: string, minutes: number, valueBase = 60): PointInput[] {
  return Array.from({ length: minutes * 3 }, (_, i) => i).flatMap((i) => {
    const beat = point(at(start) + i * 20 * SECOND, {
      value: valueBase + (i % 30),
      sourceIndex: i % 2,
      zoneOffset: 60,
    });
    if (i % 3 > 0) return [beat];
    const recordedAt = at(start) + i * 20 * SECOND;
    const fields = { series: 'steps', value: i % 90, externalId: `s${recordedAt}`, endedAt: recordedAt + MINUTE };
    return [beat, point(recordedAt, { ...fields, zoneOffset: 60 })];
  });
}

describe('the same data again', () => {
  it('changes and announces nothing', async () => {
    const batch = batchOf(stretch('2026-05-01T21:00:00Z', 300));
    const first = await write(batch);
    expect(first.points).toEqual({ inserted: batch.points.length, updated: 0, unchanged: 0 });
    const before = await stateOf(test.db, user);
    const written = await test.db.query(`SELECT xmin::text, ctid::text, user_key FROM point ORDER BY ctid`);
    const announced = await test.db.query('SELECT id FROM outbox');

    const second = await write(batch);
    expect(second.points).toEqual({ inserted: 0, updated: 0, unchanged: batch.points.length });
    expect(await stateOf(test.db, user)).toEqual(before);
    expect(await test.db.query(`SELECT xmin::text, ctid::text, user_key FROM point ORDER BY ctid`)).toEqual(written);
    expect(await test.db.query('SELECT id FROM outbox')).toEqual(announced);
  });

  it('is stored once when delivered twice at the same moment', async () => {
    const batch = batchOf(stretch('2026-06-01T21:00:00Z', 200));
    const reports = await Promise.all([write(batch), write(batch)]);
    expect(reports.map((report) => report.points.inserted).sort((a, b) => a - b)).toEqual([0, batch.points.length]);
    expect((await verifyRollups(test.db)).differences).toEqual([]);
  });

  it('counts rows that say the same inside one batch as unchanged', async () => {
    const row = point('2026-05-01T10:00:00Z');
    expect((await write(batchOf([row, row, row]))).points).toEqual({ inserted: 1, updated: 0, unchanged: 2 });
  });
});

const NO_CHANGE = { inserted: 0, updated: 0, unchanged: 0 };

describe('changed data', () => {
  it('replaces value, end and zone of the stored point', async () => {
    await write(batchOf([point('2026-05-01T10:00:00Z', { value: 60, zoneOffset: 120 })]));
    const better = { value: 61.0005, endedAt: at('2026-05-01T10:00:30Z'), zoneOffset: 60 };
    const report = await write(batchOf([point('2026-05-01T10:00:00Z', better)]));
    expect(report.points).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    const { points, streams } = await stateOf(test.db, user);
    expect(points).toEqual([
      expect.objectContaining({ value: 61.001, ended_at: '2026-05-01T10:00:30Z', zone_offset: 60 }),
    ]);
    expect(streams).toEqual([expect.objectContaining({ point_count: 1 })]);
  });

  it('leaves a known zone offset alone where it has none, whichever came first', async () => {
    const known = point('2026-05-01T23:30:00Z', { zoneOffset: 60, value: 60 });
    const unknown = { ...known, zoneOffset: null };
    await write(batchOf([known]));
    expect((await write(batchOf([unknown]))).points).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    expect((await write(batchOf([{ ...unknown, value: 70 }]))).points).toEqual({ ...NO_CHANGE, updated: 1 });
    expect(await stateOf(test.db, user)).toMatchObject({
      points: [{ value: 70, zone_offset: 60 }],
      rollups: [{ local_date: '2026-05-02', sum_value: 70 }],
    });
    const [early, late] = [known, unknown].map((one) => ({ ...one, recordedAt: one.recordedAt + 1 }));
    await write(batchOf([early!, late!]));
    expect((await write(batchOf([late!]))).points).toEqual({ ...NO_CHANGE, unchanged: 1 });
    expect((await verifyRollups(test.db)).differences).toEqual([]);
  });

  it('keeps microseconds apart', async () => {
    const points = ['2026-05-01T10:00:00.000001Z', '2026-05-01T10:00:00.000002Z', '2026-05-01T10:00:00Z'];
    await write(batchOf(points.map((time, i) => point(time, { value: 60 + i }))));
    expect((await stateOf(test.db, user))['points']).toMatchObject([
      { recorded_at: '2026-05-01T10:00:00Z', value: 62 },
      { recorded_at: '2026-05-01T10:00:00.000001Z', value: 60 },
      { recorded_at: '2026-05-01T10:00:00.000002Z', value: 61 },
    ]);
    expect((await stateOf(test.db, user))['rollups']).toMatchObject([{ first_value: 62, last_value: 61 }]);
  });
});

describe('order of arrival', () => {
  it('does not matter: newest first, oldest first and in between end in the same state', async () => {
    const chunks = [0, 1, 2, 3, 4].map((i) => {
      const start = at('2026-05-01T20:00:00Z') + i * 2 * HOUR;
      return batchOf(stretch(new Date(start / 1000).toISOString(), 120));
    });
    const states: unknown[] = [];
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ]) {
      user = await given(test.db).user();
      for (const i of order) await write(chunks[i]!);
      states.push(await stateOf(test.db, user));
    }
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
    expect((await verifyRollups(test.db)).differences).toEqual([]);
  });

  it('does not matter for overlapping batches that arrive at once over several connections', async () => {
    const all = stretch('2026-07-01T20:00:00Z', 400);
    const quarter = all.length / 4;
    const overlapping = [0, 1, 2, 3].map((i) => batchOf(all.slice(Math.max(0, (i - 1) * quarter), (i + 2) * quarter)));
    user = await given(test.db).user();
    const reports = await Promise.all(overlapping.map(write));
    expect(reports.reduce((sum, report) => sum + report.points.inserted, 0)).toBe(all.length);
    const together = await stateOf(test.db, user);

    user = await given(test.db).user();
    await write(batchOf(all));
    expect(await stateOf(test.db, user)).toEqual(together);
    expect((await verifyRollups(test.db)).differences).toEqual([]);
  });

  it('lets writers of different users and of the same user pass without deadlock', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => given(test.db).user()));
    const batches = [0, 1, 2].map((i) => batchOf(stretch(`2026-08-0${i + 1}T22:00:00Z`, 60)));
    const reports = await Promise.all(
      users.flatMap((someone) => batches.map((batch) => writer.write(test.db, someone, batch, { now: NOW }))),
    );
    expect(reports.every((report) => report.points.unchanged === 0)).toBe(true);
    expect((await verifyRollups(test.db)).differences).toEqual([]);
  });
});

describe('a batch that fails at its end', () => {
  it('leaves nothing behind', async () => {
    const failing = writer.write(test.db, user, batchOf(stretch('2026-05-03T10:00:00Z', 30)), {
      now: NOW,
      within: (sql, report) => {
        expect(report.points.inserted).toBeGreaterThan(0);
        return sql.query('SELECT 1 / 0').then(() => undefined);
      },
    });
    await expect(failing).rejects.toThrow('division by zero');
    const state = await stateOf(test.db, user);
    expect([state['points'], state['rollups'], state['days'], state['streams']]).toEqual([[], [], [], []]);
    expect(await test.db.query('SELECT id FROM data_source WHERE user_key = $1', [user.key])).toEqual([]);
    expect(await test.db.query('SELECT id FROM outbox WHERE user_key = $1', [user.key])).toEqual([]);
  });

  it('is tried again after a deadlock', async () => {
    let tries = 0;
    const report = await writer.write(test.db, user, batchOf([point('2026-05-03T10:00:00Z')]), {
      now: NOW,
      within: () => {
        tries++;
        return tries < 3 ? Promise.reject(Object.assign(new Error('deadlock'), { code: '40P01' })) : Promise.resolve();
      },
    });
    expect(tries).toBe(3);
    expect(report.points.inserted).toBe(1);
  });

  it('is refused when the user is gone', async () => {
    const gone = { id: user.id, key: 2_000_000_000 };
    await expect(
      writer.write(test.db, gone, batchOf([point('2026-05-03T10:00:00Z')]), { now: NOW }),
    ).rejects.toMatchObject({
      status: 404,
      detail: 'User not found',
    });
  });
});
