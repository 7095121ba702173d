import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Erasures, ErasuresRepository, USER_TABLES, UserEraser } from '#libs/accounts';
import type { Leaving, VendorFarewell } from '#libs/cloud';
import type { Sql } from '#libs/database';
import type { JobQueue } from '#libs/queue';
import { LocalStorage, type ObjectStorage } from '#libs/storage';
import { Users } from '../../../libs/accounts/src/users/users.service.js';
import { UsersRepository } from '../../../libs/accounts/src/users/users.repository.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { emptyTables, rowsOf, tracesOf } from '../../support/traces.js';
import { fullUser, manyPoints } from './full-user.js';

const KEPT = USER_TABLES.filter(({ erase }) => erase === 'kept').map(({ table }) => table);
const filesIn = async (directory: string): Promise<number> =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
const gone = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([table, count]) => count > 0 && !KEPT.includes(table)));

describe('deleting a user', () => {
  let database: TestDatabase;
  let users: Users;
  let storage: LocalStorage;
  let directory: string;
  let farewells: Leaving[];
  let jobs: string[];

  beforeAll(async () => {
    database = await openTestDatabase();
    const queue = { add: (name: string) => Promise.resolve(jobs.push(name)) } as unknown as JobQueue;
    users = new Users(database.db, new UsersRepository(database.db), queue);
    directory = await mkdtemp(join(process.env['TEST_SCRATCH_DIR']!, 'erasure-'));
    storage = new LocalStorage(directory);
  });
  beforeEach(() => {
    [farewells, jobs] = [[], []];
  });
  afterAll(() => database.close());

  const eraser = (erasures = new ErasuresRepository(database.db), files: ObjectStorage = storage): UserEraser => {
    const farewell = { sayFor: (grants: Leaving[]) => Promise.resolve(void farewells.push(...grants)) };
    return new UserEraser(database.db, erasures, farewell as unknown as VendorFarewell, files);
  };
  /** `rest`: state, key for clients, end of the form. */
  const fileImport = (user: GivenUser, key: string, rest: string): Promise<unknown> =>
    database.db.query(
      `INSERT INTO file_import (id, user_id, run_id, file_name, object_key, max_bytes, state, upload_key, expires_at)
       VALUES (gen_random_uuid(), $1, $2, 'export.xml', $2, 1, ${rest})`,
      [user.id, key],
    );
  const report = (user: GivenUser): ReturnType<Erasures['report']> =>
    new Erasures(new ErasuresRepository(database.db)).report(user.id);

  it('takes them from readers at once, all their rows a little later, and nothing of others', async () => {
    const leaving = await fullUser(database.db, storage);
    expect((await emptyTables(database.db)).filter((table) => table !== 'erasure')).toEqual([]);
    const staying = await fullUser(database.db, storage);
    await database.db.query(
      `INSERT INTO platform_counter VALUES ('points', $1, 10), ('events', $1, 10), ('sleeps', $1, 10), ('cycles', $1, 10)`,
      [leaving.key % 32],
    );
    const before = await rowsOf(database.db, leaving);
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
    expect(Object.keys(gone(await rowsOf(database.db, leaving))).filter((table) => withRow.includes(table))).toEqual(
      [],
    );
    expect(await report(leaving)).toMatchObject({
      state: 'erasing',
      finished_at: null,
      deleted: { token_family: 1, connection: 1, users: 1 },
    });

    expect(await eraser().run()).toBe(false);
    expect(await tracesOf(database.db, leaving)).toEqual(KEPT.map((table) => `public.${table}: id`).sort());
    expect(await filesIn(directory)).toBe(1);
    expect((await tracesOf(database.db, staying)).length).toBeGreaterThan(25);
    expect(gone(await rowsOf(database.db, leaving))).toEqual({});
    expect(await rowsOf(database.db, staying)).toEqual(before);
    const done = await report(leaving);
    expect(done).toMatchObject({ state: 'done', deleted_files: 1 });
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
    await manyPoints(database.db, user, 2500);
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
    expect(gone(await rowsOf(database.db, user))).toEqual({});
    expect((await report(user)).deleted).toMatchObject({ point: 2500, stream: 1, data_source: 1 });
  });

  it('lets others have a turn, and says that it has not finished', async () => {
    const user = await given(database.db).user();
    await manyPoints(database.db, user, 300);
    await users.delete(user.id);
    let now = 0;
    const clock = (): number => now++;
    const limits = { rowsPerBatch: 100, shiftMs: 2 };
    let turns = 1;
    while (await eraser().run(clock, limits)) turns++;
    expect(turns).toBeGreaterThan(1);
    expect(gone(await rowsOf(database.db, user))).toEqual({});
  });

  it('is one at a time, and never in the way of another', async () => {
    const both = [await given(database.db).user(), await given(database.db).user()];
    for (const user of both) {
      await manyPoints(database.db, user, 1000);
      await users.delete(user.id);
    }
    const limits = { rowsPerBatch: 100, shiftMs: 60_000 };
    await Promise.all([eraser().run(Date.now, limits), eraser().run(Date.now, limits)]);
    await eraser().run();
    for (const user of both) expect((await report(user)).deleted['point']).toBe(1000);
  });

  it('removes stored files before the rows that name them', async () => {
    const user = await given(database.db).user();
    const keys: string[] = [];
    for (let file = 0; file < 5; file++) {
      const { key } = await storage.put('imports', Readable.from(['content']));
      keys.push(key);
      await fileImport(user, key, `'done', NULL, now()`);
    }
    await users.delete(user.id);
    let deletes = 0;
    const failing = {
      delete: (key: string) => (++deletes === 3 ? Promise.reject(new Error('storage is away')) : storage.delete(key)),
    } as ObjectStorage;
    const limits = { rowsPerBatch: 2, shiftMs: 60_000 };
    await expect(eraser(undefined, failing).run(Date.now, limits)).rejects.toThrow();
    await eraser().run(Date.now, limits);
    for (const key of keys) expect(await storage.get(key)).toBeNull();
    expect(await report(user)).toMatchObject({ state: 'done', deleted: { file_import: 5 }, deleted_files: 5 });
  });

  it('is not done while a form of theirs may still bring a file to the bucket', async () => {
    const user = await given(database.db).user();
    await fileImport(user, 'coming', `'expected', 'coming', now() - interval '59 minutes'`);
    await users.delete(user.id);
    expect(await eraser().run()).toBe(false);
    expect(await report(user)).toMatchObject({ state: 'erasing' });
    await database.db.query(`UPDATE file_import SET expires_at = now() - interval '1 hour' WHERE user_id = $1`, [
      user.id,
    ]);
    const deleted: string[] = [];
    const bucket = { delete: (key: string) => Promise.resolve(deleted.push(key) > 0) } as unknown as ObjectStorage;
    expect(await eraser(undefined, bucket).run()).toBe(false);
    expect(deleted).toEqual(['coming']);
    expect(await report(user)).toMatchObject({ state: 'done', deleted: { file_import: 1 }, deleted_files: 1 });
  });

  it('knows every table with rows of users, and empties each in the way it says', async () => {
    const columns = await database.db.query<{ table: string; by: string }>(
      `SELECT c.table_name AS table, min(c.column_name) AS by FROM information_schema.columns c
       JOIN pg_class t ON t.oid = c.table_name::regclass AND NOT t.relispartition AND t.relkind IN ('r', 'p')
       WHERE c.table_schema = 'public' AND c.column_name IN ('user_id', 'user_key', 'user_ids') GROUP BY 1`,
    );
    const inDatabase = columns.map(({ table }) => table).sort();
    expect(USER_TABLES.map(({ table }) => table).sort()).toEqual(inDatabase);

    const cascades = await database.db.query<{ table: string; by: string }>(
      `SELECT k.conrelid::regclass::text AS table, a.attname AS by, k.confdeltype AS on_delete FROM pg_constraint k
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
       WHERE k.contype = 'f' AND k.confrelid = 'users'::regclass`,
    );
    const byRow = USER_TABLES.filter(({ erase }) => erase === 'row').map(({ table, by }) => ({
      table,
      by,
      on_delete: 'c',
    }));
    const sorted = (list: { table: string; by: string }[]): object[] =>
      [...list].sort((one, two) => one.table.localeCompare(two.table));
    expect(sorted(cascades)).toEqual(sorted(byRow));
    // Rows that vanish with the user's would leave their objects behind.
    expect(USER_TABLES.filter(({ file, erase }) => file !== undefined && erase === 'row')).toEqual([]);
  });
});
