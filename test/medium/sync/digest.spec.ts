import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RetryLater } from '#libs/queue';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { Digesting } from './digesting.js';
import { heartRate, heartRates, upload, WATCH } from './uploads.js';

jest.setTimeout(60_000);

let database: TestDatabase;
let digesting: Digesting;
let user: GivenUser;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  jest.restoreAllMocks();
  digesting = new Digesting(database.db);
  user = await given(database.db).user();
});

const values = async (): Promise<number[]> => {
  const rows = await database.db.query<{ value: number }>(
    'SELECT value FROM point WHERE user_key = $1 ORDER BY recorded_at',
    [user.key],
  );
  return rows.map(({ value }) => value);
};

describe('InboxDigester', () => {
  it('stores records, sleep and workouts of one upload and tells it in the task', async () => {
    const { batchId } = await digesting.accept(
      user,
      upload({
        records: [heartRate(0, 61), { ...heartRate(1), value: 'much' }, { ...heartRate(2), type: 'Unheard' }],
        sleep: [
          {
            id: 's1',
            stage: 'deep',
            startDate: '2025-03-03T23:10:00Z',
            endDate: '2025-03-03T23:42:00Z',
            source: WATCH,
          },
          { id: 's2', stage: 'rem', startDate: '2025-03-03T23:42:00Z', endDate: '2025-03-04T00:10:00Z', source: WATCH },
        ],
        workouts: [
          {
            id: 'w1',
            type: 'running',
            startDate: '2025-03-03T17:00:00Z',
            endDate: '2025-03-03T17:41:00Z',
            source: WATCH,
          },
        ],
      }),
    );
    await digesting.digester.digest(batchId);

    expect(await digesting.taskOf(batchId)).toMatchObject({
      state: 'succeeded',
      progress: 1,
      error: null,
      result: {
        records_saved: 1,
        workouts_saved: 1,
        sleep_saved: 2,
        dropped_count: 1,
        points: { inserted: 1, updated: 0, unchanged: 0 },
        problems: [{ collection: 'records', index: 1, path: 'value', severity: 'dropped' }],
        skipped: { Unheard: 1 },
      },
    });
    expect(await digesting.rowOf(batchId)).toMatchObject({
      state: 'done',
      body: null,
      finished_at: expect.any(String),
    });
    const events = await database.db.query('SELECT category FROM event WHERE user_key = $1 ORDER BY category', [
      user.key,
    ]);
    expect(events).toEqual([{ category: 'sleep' }, { category: 'workout' }]);
    const sources = await database.db.query('SELECT source, device_model FROM data_source WHERE user_key = $1', [
      user.key,
    ]);
    expect(sources).toEqual([{ source: 'Demo Watch', device_model: 'Watch7,1' }]);
  });

  it('drains all uploads of the user in the order they came, the last word wins', async () => {
    const accepted = [];
    for (const value of [50, 60, 70])
      accepted.push(await digesting.accept(user, upload({ records: [heartRate(0, value)] })));
    await digesting.digester.digest(accepted[2]!.batchId);
    expect(await values()).toEqual([70]);
    const results = await Promise.all(accepted.map(({ batchId }) => digesting.taskOf(batchId)));
    expect(results.map((task) => task?.result?.['points'])).toEqual([
      { inserted: 1, updated: 0, unchanged: 0 },
      { inserted: 0, updated: 1, unchanged: 0 },
      { inserted: 0, updated: 1, unchanged: 0 },
    ]);
  });

  it('does nothing the second time', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(3) }));
    await digesting.digester.digest(batchId);
    const before = await digesting.taskOf(batchId);
    await digesting.digester.digest(batchId);
    expect(await digesting.taskOf(batchId)).toEqual(before);
    const again = await digesting.accept(user, upload({ records: heartRates(3) }));
    await digesting.digester.digest(again.batchId);
    expect((await digesting.taskOf(again.batchId))?.result).toMatchObject({
      records_saved: 3,
      points: { inserted: 0, updated: 0, unchanged: 3 },
    });
  });

  it('digests an upload that was stored without compression, and an empty one', async () => {
    const plain = await digesting.accept(user, upload({ records: heartRates(3) }), { packed: false });
    const empty = await digesting.accept(user, upload({}));
    await digesting.digester.digest(plain.batchId);
    expect(await digesting.pointCount(user)).toBe(3);
    expect(await digesting.taskOf(empty.batchId)).toMatchObject({ state: 'succeeded', result: { records_saved: 0 } });
  });

  it.each([
    [{ sdkVersion: 1 }, 'Input should be a valid string'],
    [{ sdkVersion: undefined }, 'Field required'],
    [{ syncTimestamp: 'soon' }, 'Input should be a valid datetime'],
    [{ data: null }, 'Input should be a valid dictionary or object to extract fields from'],
    [{ data: { records: {} } }, 'Input should be a valid list'],
  ])('fails an upload whose envelope is %j and goes on with the next', async (envelope, message) => {
    const bad = await digesting.accept(user, upload({ records: heartRates(3) }, envelope));
    const good = await digesting.accept(user, upload({ records: heartRates(1) }));
    await digesting.digester.digest(bad.batchId);
    expect(await digesting.taskOf(bad.batchId)).toMatchObject({
      state: 'failed',
      error: `Validation failed: ${message}`,
      result: null,
    });
    expect(await digesting.rowOf(bad.batchId)).toMatchObject({ state: 'failed', body: expect.any(Buffer) });
    expect(await digesting.taskOf(good.batchId)).toMatchObject({ state: 'succeeded' });
    expect(await digesting.pointCount(user)).toBe(1);
  });

  it('waits while somebody else works for the user', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(1) }));
    await database.db.tryExclusive(1, user.id, async () => {
      await expect(digesting.digester.digest(batchId)).rejects.toMatchObject({ delayMs: 250 });
    });
    expect(await digesting.rowOf(batchId)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('lets others have a turn after a while', async () => {
    const accepted = [];
    for (let n = 0; n < 3; n++) accepted.push(await digesting.accept(user, upload({ records: heartRates(1, n) })));
    let now = 0;
    const clock = (): number => (now += 6_000);
    await expect(digesting.digester.digest(accepted[0]!.batchId, clock)).rejects.toMatchObject({ delayMs: 0 });
    expect(await digesting.pointCount(user)).toBe(2);
    await digesting.digester.digest(accepted[2]!.batchId);
    expect(await digesting.pointCount(user)).toBe(3);
  });

  it('ends quietly when the user is gone', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(1) }));
    await database.db.query('DELETE FROM users WHERE id = $1', [user.id]);
    await digesting.digester.digest(batchId);
    expect(await digesting.pointCount(user)).toBe(0);
    expect(await digesting.rowOf(batchId)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('ends quietly when the user is deleted in the middle of it', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(12_000) }));
    const write = digesting.writer.write.bind(digesting.writer);
    jest.spyOn(digesting.writer, 'write').mockImplementationOnce(async (...args) => {
      const report = await write(...args);
      await database.db.query('DELETE FROM users WHERE id = $1', [user.id]);
      return report;
    });
    await digesting.digester.digest(batchId);
    expect(await digesting.pointCount(user)).toBeLessThan(12_000);
    expect(await digesting.rowOf(batchId)).toMatchObject({ state: 'pending' });
  });
});

describe('an interrupted upload', () => {
  const crashAfter = (parts: number): void => {
    const write = digesting.writer.write.bind(digesting.writer);
    let written = 0;
    jest.spyOn(digesting.writer, 'write').mockImplementation((...args) => {
      if (written++ === parts) throw new Error('struck by lightning');
      return write(...args);
    });
  };

  it('goes on after its last stored part and counts everything once', async () => {
    const records = heartRates(25_000, 0, (n) => (n === 3 || n === 24_999 ? 'bad' : 60));
    const { batchId } = await digesting.accept(user, upload({ records }));
    crashAfter(1);
    await expect(digesting.digester.digest(batchId)).rejects.toBeInstanceOf(RetryLater);
    const row = await digesting.rowOf(batchId);
    expect(row).toMatchObject({ state: 'pending', attempts: 0, body: expect.any(Buffer) });
    expect(await digesting.taskOf(batchId)).toMatchObject({ state: 'running' });
    const stored = await digesting.pointCount(user);
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(24_998);

    jest.restoreAllMocks();
    const writes = jest.spyOn(digesting.writer, 'write');
    await digesting.anotherDigester().digest(batchId);
    expect(writes.mock.calls.flatMap(([, , batch]) => batch.points)).toHaveLength(24_998 - stored);
    expect(await digesting.pointCount(user)).toBe(24_998);
    expect((await digesting.taskOf(batchId))?.result).toMatchObject({
      records_saved: 24_998,
      dropped_count: 2,
      points: { inserted: 24_998, updated: 0, unchanged: 0 },
      problems: [{ index: 3 }, { index: 24_999 }],
    });
  });

  it('counts once when the transaction of a part has to be run again', async () => {
    const { batchId } = await digesting.accept(
      user,
      upload({ records: [heartRate(0), { ...heartRate(1), value: null }] }),
    );
    const save = digesting.repository.saveProgress.bind(digesting.repository);
    jest.spyOn(digesting.repository, 'saveProgress').mockImplementationOnce(async (...args) => {
      await save(...args);
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    await digesting.digester.digest(batchId);
    expect((await digesting.taskOf(batchId))?.result).toMatchObject({
      records_saved: 1,
      dropped_count: 1,
      points: { inserted: 1, updated: 0, unchanged: 0 },
    });
  });

  it('is given up after five attempts that led nowhere, and no longer stands in the way', async () => {
    const poison = await digesting.accept(user, upload({ records: heartRates(1) }));
    const next = await digesting.accept(user, upload({ records: heartRates(1, 1) }));
    const write = digesting.writer.write.bind(digesting.writer);
    jest.spyOn(digesting.writer, 'write').mockImplementation((...args) => {
      if (args[2].points[0]?.externalId === 'hr-0') throw new Error('poison');
      return write(...args);
    });
    const delays: number[] = [];
    for (let n = 0; n < 4; n++) {
      const thrown: unknown = await digesting.digester.digest(poison.batchId).catch((error: unknown) => error);
      delays.push((thrown as RetryLater).delayMs);
    }
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000]);
    await digesting.digester.digest(poison.batchId);
    expect(await digesting.taskOf(poison.batchId)).toMatchObject({
      state: 'failed',
      error: 'The batch could not be stored',
    });
    expect(await digesting.rowOf(poison.batchId)).toMatchObject({ state: 'failed', body: expect.any(Buffer) });
    expect(await digesting.taskOf(next.batchId)).toMatchObject({ state: 'succeeded' });
  });

  it('is given up when it took five processes down with it', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(1) }));
    await database.db.query('UPDATE inbox SET attempts = 5 WHERE batch_id = $1', [batchId]);
    await digesting.digester.digest(batchId);
    expect(await digesting.taskOf(batchId)).toMatchObject({ state: 'failed' });
    expect(await digesting.pointCount(user)).toBe(0);
  });

  it('does not blame the upload for trouble of the database', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(1) }));
    jest.spyOn(digesting.writer, 'write').mockRejectedValue(Object.assign(new Error('disk full'), { code: '53100' }));
    for (let n = 0; n < 7; n++) await expect(digesting.digester.digest(batchId)).rejects.toBeInstanceOf(RetryLater);
    expect(await digesting.rowOf(batchId)).toMatchObject({ state: 'pending', attempts: 0 });
    jest.restoreAllMocks();
    await digesting.digester.digest(batchId);
    expect(await digesting.taskOf(batchId)).toMatchObject({ state: 'succeeded' });
  });
});
