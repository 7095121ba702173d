import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { InboxSweep } from '../../../libs/sync/src/inbox/inbox-sweep.js';
import { Digesting } from './digesting.js';
import { heartRates, upload } from './uploads.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const newUser = () => given(database.db).user();
const oneRecord = upload({ records: heartRates(1) });

describe('Inbox', () => {
  it('has the upload and its task stored when it answers', async () => {
    const digesting = new Digesting(database.db);
    const user = await newUser();
    const { batchId, taskId } = await digesting.accept(user, oneRecord);
    expect(await digesting.rowOf(batchId)).toMatchObject({ state: 'pending', attempts: 0, progress: null });
    expect(await digesting.taskOf(taskId)).toMatchObject({
      state: 'queued',
      kind: 'sdk_upload',
      run_id: batchId,
      progress: 0,
    });
    expect(digesting.queue.added).toEqual([
      { name: 'inbox.digest', payload: { batchId }, options: { jobId: `digest-${batchId}` } },
    ]);
  });

  it('stores bodies as they are, not compressed again by the database', async () => {
    const [column] = await database.db.query(
      `SELECT attstorage FROM pg_attribute WHERE attrelid = 'inbox'::regclass AND attname = 'body'`,
    );
    expect(column).toEqual({ attstorage: 'e' });
  });

  it('asks once for uploads that wait together', async () => {
    const digesting = new Digesting(database.db);
    const user = await newUser();
    const first = await digesting.accept(user, oneRecord);
    await digesting.accept(user, oneRecord);
    await digesting.accept(user, oneRecord);
    expect(digesting.queue.added.map(({ payload }) => payload)).toEqual([{ batchId: first.batchId }]);
  });

  it('keeps its promise when the queue is out of order', async () => {
    const digesting = new Digesting(database.db);
    digesting.queue.failure = new Error('no queue');
    const { batchId } = await digesting.accept(await newUser(), oneRecord);
    expect(await digesting.rowOf(batchId)).toMatchObject({ state: 'pending' });
  });

  it('refuses an upload of nobody and stores nothing', async () => {
    const digesting = new Digesting(database.db);
    await expect(digesting.accept({ id: randomUUID() }, oneRecord)).rejects.toMatchObject({
      status: 404,
      detail: 'User not found',
    });
    const [orphans] = await database.db.query<{ n: number }>(
      'SELECT count(*) AS n FROM task WHERE NOT EXISTS (SELECT FROM inbox WHERE batch_id = task.id)',
    );
    expect(orphans?.n).toBe(0);
    expect(digesting.queue.added).toEqual([]);
  });
});

describe('InboxSweep', () => {
  const age = (batchId: string, seconds: number) =>
    database.db.query(`UPDATE inbox SET received_at = now() - $2 * interval '1 second' WHERE batch_id = $1`, [
      batchId,
      seconds,
    ]);

  it('asks for the oldest overdue upload of each user and for nothing else', async () => {
    await database.db.query('DELETE FROM inbox');
    const digesting = new Digesting(database.db);
    const [one, two, fresh] = [await newUser(), await newUser(), await newUser()];
    const late = await digesting.accept(one, oneRecord);
    const later = await digesting.accept(one, oneRecord);
    const other = await digesting.accept(two, oneRecord);
    await digesting.accept(fresh, oneRecord);
    await age(late.batchId, 10);
    await age(later.batchId, 9);
    await age(other.batchId, 60);
    digesting.queue.added.length = 0;

    const sweep = new InboxSweep(digesting.repository, digesting.queue.asJobQueue);
    expect(await sweep.run(0)).toBe(2);
    expect(digesting.queue.added.map(({ payload }) => payload)).toEqual([
      { batchId: other.batchId },
      { batchId: late.batchId },
    ]);
  });

  it('asks under one id for a while and under another one later', async () => {
    await database.db.query('DELETE FROM inbox');
    const digesting = new Digesting(database.db);
    const { batchId } = await digesting.accept(await newUser(), oneRecord);
    await age(batchId, 10);
    digesting.queue.added.length = 0;
    const sweep = new InboxSweep(digesting.repository, digesting.queue.asJobQueue);
    for (const now of [0, 5_000, 60_000]) await sweep.run(now);
    const [first, second, third] = digesting.queue.added.map(({ options }) => options?.jobId);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
    expect(first).not.toContain(':');
  });

  it('leaves alone a user who is being taken care of', async () => {
    await database.db.query('DELETE FROM inbox');
    const digesting = new Digesting(database.db);
    const user = await newUser();
    const { batchId } = await digesting.accept(user, oneRecord);
    await age(batchId, 10);
    const sweep = new InboxSweep(digesting.repository, digesting.queue.asJobQueue);
    expect(await database.db.tryExclusive(1, user.id, () => sweep.run(0))).toBe(0);
    expect(await database.db.tryExclusive(2, user.id, () => sweep.run(0))).toBe(1);
    expect(await sweep.run(0)).toBe(1);
  });
});
