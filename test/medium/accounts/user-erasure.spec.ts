import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Erasures, ErasuresRepository, USER_TABLES, UserEraser, type UserTable } from '#libs/accounts';
import type { Leaving, VendorFarewell } from '#libs/cloud';
import type { Sql } from '#libs/database';
import type { JobQueue } from '#libs/queue';
import { LocalStorage, type ObjectStorage } from '#libs/storage';
import { Users } from '../../../libs/accounts/src/users/users.service.js';
import { UsersRepository } from '../../../libs/accounts/src/users/users.repository.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';

const START = '2031-05-02T22:00:00Z';
const END = '2031-05-03T06:00:00Z';

/** One row of the user in every table that has any. */
async function fill({ db }: TestDatabase, user: GivenUser): Promise<void> {
  const connection = await given(db).connection(user, 'oura');
  const [source, event] = [randomUUID(), randomUUID()];
  const k = user.key;
  await db.query(`INSERT INTO data_source (id, user_key, provider, connection_id) VALUES ($1, $2, 'oura', $3)`, [
    source,
    k,
    connection.id,
  ]);
  const [stream] = await db.query<{ id: number }>(
    `INSERT INTO stream (user_key, source_id, series_type, is_daily_total, point_count) VALUES ($1, $2, 1, false, 3)
     RETURNING id`,
    [k, source],
  );
  const s = stream!.id;
  await db.query(`CREATE TABLE IF NOT EXISTS point_everything PARTITION OF point DEFAULT`);
  await db.query(`INSERT INTO point VALUES ($1, $2, $3, 60, NULL, NULL, 0)`, [k, s, START]);
  await db.query(`INSERT INTO stream_day VALUES ($1, $2, '2031-05-02', 1)`, [k, s]);
  await db.query(`INSERT INTO rollup VALUES ($1, $2, '2031-05-02', 1, 60, 60, 60, 60, $3, 60, $3)`, [k, s, START]);
  await db.query(
    `INSERT INTO event (user_key, id, source_id, category, source_name, started_at, ended_at, local_date)
     VALUES ($1, $2, $3, 'sleep', 'Ring', $4, $5, '2031-05-03')`,
    [k, event, source, START, END],
  );
  for (const table of ['workout_detail', 'workout_track', 'sleep_detail']) {
    await db.query(`INSERT INTO ${table} (user_key, event_id) VALUES ($1, $2)`, [k, event]);
  }
  await db.query(`INSERT INTO menstrual_cycle_detail VALUES ($1, $2, '{}')`, [k, event]);
  await db.query(`INSERT INTO event_vital VALUES ($1, $2, $3, 1, 60)`, [k, event, s]);
  await db.query(
    `INSERT INTO sleep_fragment (user_key, source_id, started_at, ended_at, stage) VALUES ($1, $2, $3, $4, 'deep')`,
    [k, source, START, END],
  );
  await db.query(
    `INSERT INTO event_tombstone (user_key, source_id, category, started_at, ended_at) VALUES ($1, $2, 'sleep', $3, $4)`,
    [k, source, START, END],
  );
  await db.query(
    `INSERT INTO health_score (user_key, id, provider, category, recorded_at) VALUES ($1, $2, 'internal', 'sleep', $3)`,
    [k, randomUUID(), START],
  );
  await db.query(`INSERT INTO outbox (user_key, kind, payload) VALUES ($1, 'x', '{}')`, [k]);
  await db.query(`INSERT INTO user_priority VALUES ($1, 0, 'oura', NULL)`, [user.id]);
  await db.query(`INSERT INTO task (id, kind, user_id, state) VALUES ($1, 'x', $2, 'queued')`, [randomUUID(), user.id]);
  await db.query(
    `INSERT INTO inbox (batch_id, kind, user_id, provider, encoding, digest) VALUES ($1, 'sdk', $2, 'apple', 'identity', '')`,
    [randomUUID(), user.id],
  );
  await db.query(
    `INSERT INTO sync_run (user_key, run_id, provider, source, stage, status, last_update)
     VALUES ($1, 'r', 'oura', 'pull', 'done', 'success', now())`,
    [k],
  );
  await db.query(
    `INSERT INTO sync_event (user_key, run_id, provider, source, stage, status, happened_at)
     VALUES ($1, 'r', 'oura', 'pull', 'done', 'success', now())`,
    [k],
  );
  await db.query(`INSERT INTO token_family (id, kind, user_id) VALUES ($1, 'sdk', $2)`, [randomUUID(), user.id]);
  await db.query(`INSERT INTO user_invitation_code (id, code_hash, user_id, expires_at) VALUES ($1, $2, $3, now())`, [
    randomUUID(),
    randomBytes(32),
    user.id,
  ]);
  await db.query(`INSERT INTO oauth_state (state_hash, user_id, provider, expires_at) VALUES ($1, $2, 'oura', now())`, [
    randomBytes(32),
    user.id,
  ]);
  await db.query(
    `INSERT INTO file_import (id, user_id, run_id, state, file_name, object_key, max_bytes)
     VALUES ($1::uuid, $2, $1::text, 'done', 'export.xml', $1::text, 1)`,
    [randomUUID(), user.id],
  );
  await db.query(
    `INSERT INTO webhook_message (id, user_key, event_type, event_id, created_at) VALUES ($1::text, $2, 'x', $1::text, now())`,
    [randomUUID(), k],
  );
  await db.query(`INSERT INTO webhook_content (user_key, data) VALUES ($1, '{}')`, [k]);
  await db.query(
    `INSERT INTO webhook_endpoint (id, url, description, user_id) VALUES ($1, 'https://x.example', '', $2)`,
    [randomUUID(), user.id],
  );
  await db.query(`INSERT INTO data_access_day VALUES ('2031-05-02', 'api-key', 'k', $1, 1, 0)`, [user.id]);
  await db.query(
    `INSERT INTO audit_entry (actor_kind, action, outcome, user_id) VALUES ('system', 'x', 'success', $1)`,
    [user.id],
  );
  await db.query(`INSERT INTO sdk_log_event (user_id, provider, sdk_version, event) VALUES ($1, 'apple', '1', '{}')`, [
    user.id,
  ]);
}

/** Rows per table that has a column for the user. */
async function rowsOf({ db }: TestDatabase, user: GivenUser): Promise<Record<string, number>> {
  const columns = await db.query<{ table_name: string; column_name: string }>(
    `SELECT c.table_name, max(c.column_name) AS column_name FROM information_schema.columns c
     JOIN pg_class t ON t.oid = c.table_name::regclass AND NOT t.relispartition
     WHERE c.table_schema = 'public' AND c.column_name IN ('user_key', 'user_id') GROUP BY 1 ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { table_name: table, column_name: column } of columns) {
    const value = column === 'user_key' ? user.key : user.id;
    const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${column} = $1`, [value]);
    counts[table] = row!.count;
  }
  return counts;
}

const KEPT = USER_TABLES.filter(({ erase }) => erase === 'kept').map(({ table }) => table);
const gone = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([table, count]) => count > 0 && !KEPT.includes(table)));

describe('deleting a user', () => {
  let database: TestDatabase;
  let users: Users;
  let storage: LocalStorage;
  let farewells: Leaving[];
  let jobs: string[];

  beforeAll(async () => {
    database = await openTestDatabase();
    const queue = { add: (name: string) => Promise.resolve(jobs.push(name)) } as unknown as JobQueue;
    users = new Users(database.db, new UsersRepository(database.db), queue);
    storage = new LocalStorage(await mkdtemp(join(process.env['TEST_SCRATCH_DIR']!, 'erasure-')));
  });
  beforeEach(() => {
    [farewells, jobs] = [[], []];
  });
  afterAll(() => database.close());

  const eraser = (erasures = new ErasuresRepository(database.db), files: ObjectStorage = storage): UserEraser => {
    const farewell = { sayFor: (grants: Leaving[]) => Promise.resolve(void farewells.push(...grants)) };
    return new UserEraser(database.db, erasures, farewell as unknown as VendorFarewell, files);
  };
  const report = (user: GivenUser): ReturnType<Erasures['report']> =>
    new Erasures(new ErasuresRepository(database.db)).report(user.id);

  it('takes them from readers at once, all their rows a little later, and nothing of others', async () => {
    const build = given(database.db);
    const [leaving, staying] = [await build.user(), await build.user()];
    await fill(database, leaving);
    await fill(database, staying);
    await database.db.query(
      `INSERT INTO platform_counter VALUES ('points', $1, 10), ('events', $1, 10), ('sleeps', $1, 10), ('cycles', $1, 10)`,
      [leaving.key % 32],
    );
    const before = await rowsOf(database, leaving);
    expect(Object.entries(before).filter(([table, count]) => count === 0 && table !== 'erasure')).toEqual([]);

    expect(await users.delete(leaving.id)).toMatchObject({ id: leaving.id, has_active_connection: true });
    expect(jobs).toEqual(['users.erase']);
    await expect(users.get(leaving.id)).rejects.toMatchObject({ status: 404 });
    await expect(users.delete(leaving.id)).rejects.toMatchObject({ status: 404 });
    expect(await database.db.query('SELECT name, value FROM platform_counter ORDER BY name')).toEqual([
      { name: 'cycles', value: 10 },
      { name: 'events', value: 9 },
      { name: 'points', value: 7 },
      { name: 'sleeps', value: 9 },
    ]);
    const withRow = USER_TABLES.filter(({ erase }) => erase === 'row').map(({ table }) => table);
    expect(Object.keys(gone(await rowsOf(database, leaving))).filter((table) => withRow.includes(table))).toEqual([]);
    expect(await report(leaving)).toMatchObject({
      state: 'erasing',
      finished_at: null,
      deleted: { inbox: 1, users: 1 },
    });

    expect(await eraser().run()).toBe(false);
    expect(gone(await rowsOf(database, leaving))).toEqual({});
    expect(await rowsOf(database, staying)).toEqual(before);
    const done = await report(leaving);
    expect(done).toMatchObject({ state: 'done', deleted_files: 0 });
    const counted = Object.fromEntries(Object.entries(before).filter(([table]) => !KEPT.includes(table)));
    expect(done.deleted).toEqual({ ...counted, users: 1 });

    expect(await eraser().run()).toBe(false);
    expect(await report(leaving)).toEqual(done);
  });

  it('lets vendors forget the grants, once', async () => {
    const user = await given(database.db).user();
    const connection = await given(database.db).connection(user, 'oura', { providerUserId: 'them' });
    await database.db.query(`UPDATE connection SET access_token_encrypted = 'sealed' WHERE id = $1`, [connection.id]);
    await users.delete(user.id);
    await eraser().run();
    await eraser().run();
    expect(farewells).toEqual([
      { user_id: user.id, provider: 'oura', provider_user_id: 'them', access_token_encrypted: 'sealed' },
    ]);
    expect(await database.db.query(`SELECT FROM erasure WHERE grants::text LIKE '%sealed%'`)).toEqual([]);
  });

  it('goes on when the worker was killed in the middle, and its report counts everything once', async () => {
    const user = await given(database.db).user();
    await manyPoints(database, user, 2500);
    await users.delete(user.id);
    let batches = 0;
    class Crashing extends ErasuresRepository {
      override async add(sql: Sql, ...rest: [string, string, number, number]): Promise<void> {
        await super.add(sql, ...rest);
        if (++batches === 4) await sql.query('SELECT pg_terminate_backend(pg_backend_pid())');
      }
    }
    const limits = { rowsPerBatch: 500, shiftMs: 60_000 };
    await expect(eraser(new Crashing(database.db)).run(Date.now, limits)).rejects.toThrow('1 erasures failed');
    const halfWay = await report(user);
    expect(halfWay.state).toBe('erasing');
    expect(halfWay.deleted['point'] ?? 0).toBe(1500);

    expect(await eraser().run(Date.now, limits)).toBe(false);
    expect(gone(await rowsOf(database, user))).toEqual({});
    expect((await report(user)).deleted).toMatchObject({ point: 2500, stream: 1, data_source: 1 });
  });

  it('lets others have a turn, and says that it has not finished', async () => {
    const user = await given(database.db).user();
    await manyPoints(database, user, 300);
    await users.delete(user.id);
    let now = 0;
    const clock = (): number => now++;
    const limits = { rowsPerBatch: 100, shiftMs: 2 };
    let turns = 1;
    while (await eraser().run(clock, limits)) turns++;
    expect(turns).toBeGreaterThan(1);
    expect(gone(await rowsOf(database, user))).toEqual({});
  });

  it('is one at a time, and never in the way of another', async () => {
    const both = [await given(database.db).user(), await given(database.db).user()];
    for (const user of both) {
      await manyPoints(database, user, 1000);
      await users.delete(user.id);
    }
    const limits = { rowsPerBatch: 100, shiftMs: 60_000 };
    await Promise.all([eraser().run(Date.now, limits), eraser().run(Date.now, limits)]);
    await eraser().run();
    for (const user of both) expect((await report(user)).deleted['point']).toBe(1000);
  });

  it('removes stored files before the rows that name them', async () => {
    const user = await given(database.db).user();
    await database.db.query(`CREATE TABLE stored_thing (user_id uuid NOT NULL, storage_key text)`);
    const keys: string[] = [];
    for (let file = 0; file < 5; file++) {
      const { key } = await storage.put('imports', Readable.from(['content']));
      keys.push(key);
      await database.db.query('INSERT INTO stored_thing VALUES ($1, $2)', [user.id, key]);
    }
    const tables: UserTable[] = [
      { table: 'stored_thing', by: 'user_id', erase: 'batches', file: 'storage_key' },
      ...USER_TABLES,
    ];
    await users.delete(user.id);
    let deletes = 0;
    const failing = {
      delete: (key: string) => (++deletes === 3 ? Promise.reject(new Error('storage is away')) : storage.delete(key)),
    } as ObjectStorage;
    const limits = { rowsPerBatch: 2, shiftMs: 60_000 };
    await expect(eraser(undefined, failing).run(Date.now, limits, tables)).rejects.toThrow();
    await eraser().run(Date.now, limits, tables);
    for (const key of keys) expect(await storage.get(key)).toBeNull();
    expect(await database.db.query('SELECT FROM stored_thing')).toEqual([]);
    expect(await report(user)).toMatchObject({ state: 'done', deleted: { stored_thing: 5 }, deleted_files: 5 });
    await database.db.query('DROP TABLE stored_thing');
  });

  it('knows every table with rows of users, and empties each in the way it says', async () => {
    const columns = await database.db.query<{ table: string; by: string }>(
      `SELECT c.table_name AS table, min(c.column_name) AS by FROM information_schema.columns c
       JOIN pg_class t ON t.oid = c.table_name::regclass AND NOT t.relispartition AND t.relkind IN ('r', 'p')
       WHERE c.table_schema = 'public' AND c.column_name IN ('user_id', 'user_key') GROUP BY 1`,
    );
    const inDatabase = columns.map(({ table }) => table).sort();
    expect(USER_TABLES.map(({ table }) => table).sort()).toEqual(inDatabase);

    const cascades = await database.db.query<{ table: string; by: string }>(
      `SELECT k.conrelid::regclass::text AS table, a.attname AS by, k.confdeltype AS on_delete FROM pg_constraint k
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
       WHERE k.contype = 'f' AND k.confrelid = 'users'::regclass`,
    );
    const byRow = USER_TABLES.filter(({ erase }) => erase === 'row' || erase === 'swept').map(
      ({ table, by, erase }) => ({
        table,
        by,
        on_delete: erase === 'row' ? 'c' : 'n',
      }),
    );
    const sorted = (list: { table: string; by: string }[]): object[] =>
      [...list].sort((one, two) => one.table.localeCompare(two.table));
    expect(sorted(cascades)).toEqual(sorted(byRow));
    // Rows that vanish with the user's would leave their objects behind.
    expect(USER_TABLES.filter(({ file, erase }) => file !== undefined && erase === 'row')).toEqual([]);
  });
});

async function manyPoints({ db }: TestDatabase, user: GivenUser, count: number): Promise<void> {
  const source = randomUUID();
  await db.query(`INSERT INTO data_source (id, user_key, provider) VALUES ($1, $2, 'oura')`, [source, user.key]);
  await db.query(`CREATE TABLE IF NOT EXISTS point_everything PARTITION OF point DEFAULT`);
  await db.query(
    `WITH s AS (INSERT INTO stream (user_key, source_id, series_type, is_daily_total) VALUES ($1, $2, 1, false)
       RETURNING id)
     INSERT INTO point (user_key, stream_id, recorded_at, value)
     SELECT $1, s.id, timestamptz '2031-05-02 00:00Z' + n * interval '1 second', n FROM s, generate_series(1, $3) n`,
    [user.key, source, count],
  );
}
