import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RetryLater } from '#libs/queue';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { Digesting } from './digesting.js';
import { heartRate, heartRates, upload } from './uploads.js';

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

describe('the sync run of an upload', () => {
  it('starts and completes with what was stored', async () => {
    const records = [heartRate(0, 61), heartRate(1, 62), { ...heartRate(2), value: 'much' }];
    const { batchId } = await digesting.accept(user, upload({ records }));
    await digesting.digester.digest(batchId);
    await digesting.digester.digest(batchId);
    const { told, run } = await digesting.runOf(batchId);
    expect(run).toEqual({ stage: 'completed', source: 'sdk' });
    expect(told).toMatchObject([
      { stage: 'started', message: 'Processing apple SDK batch', metadata: { batch_id: batchId } },
      {
        ...{ stage: 'completed', status: 'success', items_processed: 2, error: null },
        message: 'Apple batch saved (1 record(s) dropped by validation)',
        metadata: { batch_id: batchId, records_saved: 2, workouts_saved: 0, sleep_saved: 0, dropped_count: 1 },
      },
    ]);
  });

  it('says nothing of dropped records when there are none', async () => {
    const { batchId } = await digesting.accept(user, upload({}), { provider: 'samsung' });
    await digesting.digester.digest(batchId);
    expect((await digesting.runOf(batchId)).told[1]).toMatchObject({ message: 'Samsung batch saved' });
  });

  it('fails with the upload', async () => {
    const { batchId } = await digesting.accept(user, upload({}, { sdkVersion: 1 }));
    await digesting.digester.digest(batchId);
    expect((await digesting.runOf(batchId)).told).toMatchObject([
      { stage: 'started' },
      {
        ...{ stage: 'failed', status: 'failed', message: 'Apple batch failed' },
        error: 'Validation failed: Input should be a valid string',
        metadata: { batch_id: batchId, status_code: 400 },
      },
    ]);
  });

  it('starts once, however often it is tried, and fails when it is given up', async () => {
    const { batchId } = await digesting.accept(user, upload({ records: heartRates(1) }));
    jest.spyOn(digesting.writer, 'write').mockRejectedValue(new Error('struck by lightning'));
    for (let attempt = 1; attempt < 5; attempt++) {
      await expect(digesting.digester.digest(batchId)).rejects.toBeInstanceOf(RetryLater);
    }
    await digesting.digester.digest(batchId);
    expect((await digesting.runOf(batchId)).told).toMatchObject([
      { stage: 'started' },
      { stage: 'failed', error: 'The batch could not be stored', metadata: { status_code: 500 } },
    ]);
  });

  it('is cancelled when the connection was ended', async () => {
    await given(database.db).connection(user, 'apple', { status: 'revoked' });
    const { batchId } = await digesting.accept(user, upload({}), { context: { loginAt: null } });
    await digesting.digester.digest(batchId);
    expect((await digesting.runOf(batchId)).told).toMatchObject([
      { stage: 'started' },
      { stage: 'cancelled', status: 'cancelled', message: 'Connection was disconnected' },
    ]);
  });
});
