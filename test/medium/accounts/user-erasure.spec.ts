import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  await db.query(`INSERT INTO sdk_log_event (user_id, provider, sdk_version, event) VALUES ($1, 'apple', '1', '{}')`, [
    user.id,
  ]);
}

/** Rows per table that has a column for the user. */
async function rowsOf({ db }: TestDatabase, user: GivenUser): Promise<Record<string, number>> {
  const columns = await db.query<{ table_name: string; column_name: string }>(
    `SELECT c.table_name, c.column_name FROM information_schema.columns c
     JOIN pg_class t ON t.oid = c.table_name::regclass AND NOT t.relispartition
     WHERE c.table_schema = 'public' AND c.column_name IN ('user_key', 'user_id') ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { table_name: table, column_name: column } of columns) {
    const value = column === 'user_key' ? user.key : user.id;
    const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${column} = $1`, [value]);
    counts[table] = row!.count;
  }
  return counts;
}

describe('deleting a user', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(() => database.close());

  it('leaves no row of theirs in any table, and every row of others', async () => {
    const build = given(database.db);
    const [gone, kept] = [await build.user(), await build.user()];
    await fill(database, gone);
    await fill(database, kept);
    await database.db.query(
      `INSERT INTO platform_counter VALUES ('points', $1, 10), ('events', $1, 10), ('sleeps', $1, 10), ('cycles', $1, 10)`,
      [gone.key % 32],
    );
    const before = await rowsOf(database, gone);
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);

    const users = new Users(database.db, new UsersRepository(database.db));
    expect(await users.delete(gone.id)).toMatchObject({ id: gone.id, has_active_connection: true });

    const after = await rowsOf(database, gone);
    expect(Object.entries(after).filter(([, count]) => count !== 0)).toEqual([]);
    expect(await rowsOf(database, kept)).toEqual(before);
    expect(await database.db.query('SELECT name, value FROM platform_counter ORDER BY name')).toEqual([
      { name: 'cycles', value: 10 },
      { name: 'events', value: 9 },
      { name: 'points', value: 7 },
      { name: 'sleeps', value: 9 },
    ]);
    await expect(users.delete(gone.id)).rejects.toMatchObject({ status: 404 });
  });
});
