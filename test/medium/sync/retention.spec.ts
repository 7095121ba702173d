import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { Retention } from '../../../libs/sync/src/tasks/retention.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ago = (days: number): string => `now() - interval '${days} days'`;

describe('Retention', () => {
  it('deletes what is overdue and keeps everything else', async () => {
    const { db } = database;
    const retention = new Retention(db, { syncStatusDays: 3 });
    const user = await given(db).user();
    const task = (state: string, days: number) =>
      db.query(
        `INSERT INTO task (id, kind, user_id, state, updated_at) VALUES (gen_random_uuid(), 'x', $1, $2, ${ago(days)})`,
        [user.id, state],
      );
    const inbox = (state: string, days: number) =>
      db.query(
        `INSERT INTO inbox (batch_id, kind, user_id, provider, encoding, digest, state, received_at, finished_at)
         VALUES (gen_random_uuid(), 'sdk', $1, 'apple', 'gzip', '', $2::text, ${ago(days)},
           CASE WHEN $2::text <> 'pending' THEN ${ago(days)} END)`,
        [user.id, state],
      );
    for (const days of [6, 8]) {
      for (const state of ['queued', 'succeeded', 'failed']) await task(state, days);
      for (const state of ['pending', 'done', 'failed']) await inbox(state, days);
      await db.query(
        `INSERT INTO outbox (user_key, kind, payload, created_at, failures)
         SELECT $1, 'x', '{}', ${ago(days)}, failures FROM generate_series(0, 1) AS failures`,
        [user.key],
      );
    }
    for (const days of [2, 4]) {
      await db.query(
        `WITH run AS (
           INSERT INTO sync_run (user_key, run_id, provider, source, stage, status, last_update)
           VALUES ($1, 'r${days}', 'oura', 'pull', 'started', 'in_progress', ${ago(days)}) RETURNING *
         )
         INSERT INTO sync_event (user_key, run_id, provider, source, stage, status, happened_at)
         SELECT user_key, run_id, provider, source, stage, status, last_update FROM run, generate_series(1, 2)`,
        [user.key],
      );
    }
    for (const days of [13, 15]) {
      await db.query(
        `INSERT INTO sdk_log_event (user_id, provider, sdk_version, event, received_at)
         VALUES ($1, 'apple', '1', '{}', ${ago(days)})`,
        [user.id],
      );
    }
    const deleted = await retention.run();
    const nothing = Object.fromEntries(Object.keys(deleted).map((table) => [table, 0]));
    expect(deleted).toEqual({
      ...nothing,
      task: 2,
      inbox: 2,
      sdk_log_event: 1,
      outbox: 1,
      sync_event: 2,
      sync_run: 1,
    });
    expect(await retention.run()).toEqual(nothing);
    expect(await db.query(`SELECT state FROM inbox WHERE received_at < ${ago(7)}`)).toEqual([{ state: 'pending' }]);
    expect(await db.query(`SELECT state FROM task WHERE updated_at < ${ago(7)}`)).toEqual([{ state: 'queued' }]);
  });

  it('goes on until nothing is left', async () => {
    const { db } = database;
    const retention = new Retention(db, { syncStatusDays: 3 });
    const user = await given(db).user();
    await db.query(
      `INSERT INTO outbox (user_key, kind, payload, created_at, failures)
       SELECT $1, 'x', '{}', ${ago(8)}, 1 FROM generate_series(1, 12000)`,
      [user.key],
    );
    expect((await retention.run())['outbox']).toBe(12_000);
  });
});
