import { randomUUID } from 'node:crypto';
import type { Sql, UserRef } from '#libs/database';
import { counterShard } from '#libs/ingest';
import { USER_TABLES, type UserTable } from '../users/user-tables.js';

/** What the user adds to the platform's totals, by the names of the counters. */
const HELD = `
  SELECT 'points' AS name, coalesce(sum(point_count), 0) AS count FROM stream WHERE user_key = $1
  UNION ALL SELECT 'archived_rollups', count(*) FROM rollup WHERE user_key = $1 AND archived
  UNION ALL SELECT 'events', count(*) FROM event WHERE user_key = $1
  UNION ALL
  SELECT CASE category WHEN 'workout' THEN 'workouts' WHEN 'sleep' THEN 'sleeps' ELSE 'cycles' END, count(*)
  FROM event WHERE user_key = $1 AND category <> 'activity' GROUP BY category`;

const UNCOUNT = `
  UPDATE platform_counter c SET value = c.value - held.count
  FROM unnest($2::text[], $3::bigint[]) AS held (name, count)
  WHERE c.shard = $1 AND c.name = held.name`;

const GRANTS = `
  SELECT coalesce(jsonb_agg(jsonb_build_object('user_id', c.user_id, 'provider', c.provider,
    'provider_user_id', c.provider_user_id, 'access_token_encrypted', c.access_token_encrypted)), '[]') AS grants
  FROM connection c
  WHERE c.user_id = $1 AND c.access_token_encrypted IS NOT NULL AND NOT EXISTS (
    SELECT FROM connection other WHERE other.provider = c.provider AND other.status = 'active'
      AND other.provider_user_id = c.provider_user_id AND other.id <> c.id)`;

/**
 * Takes the user's row away, and with it everything that is small: from the end of the caller's transaction on nobody
 * finds the user, and what is left has no name. The rest is up to `UserEraser`. The user's row must be locked, so that
 * no writer adds rows meanwhile.
 */
export async function startErasure(
  sql: Sql,
  user: UserRef,
  tables: readonly UserTable[] = USER_TABLES,
): Promise<string> {
  const held = await sql.query<{ name: string; count: number }>(HELD, [user.key]);
  const deleted = await rowsThatGo(sql, user, tables);
  const [row] = await sql.query<{ grants: unknown }>(GRANTS, [user.id]);
  const id = randomUUID();
  await sql.query('INSERT INTO erasure (id, user_id, user_key, deleted, grants) VALUES ($1, $2, $3, $4, $5)', [
    id,
    user.id,
    user.key,
    JSON.stringify(deleted),
    JSON.stringify(row!.grants),
  ]);
  await sql.query('DELETE FROM users WHERE key = $1', [user.key]);
  // Last, because users share these rows.
  await sql.query(UNCOUNT, [counterShard(user.key), held.map(({ name }) => name), held.map(({ count }) => count)]);
  return id;
}

async function rowsThatGo(sql: Sql, user: UserRef, tables: readonly UserTable[]): Promise<Record<string, number>> {
  const counts = tables
    .filter(({ erase }) => erase === 'row')
    .map(({ table, by }) => `SELECT '${table}' AS name, count(*) FROM ${table} JOIN whose USING (${by})`);
  const rows = await sql.query<{ name: string; count: number }>(
    `WITH whose AS (SELECT $1::uuid AS user_id, $2::integer AS user_key)
     ${counts.join(' UNION ALL ')} UNION ALL SELECT 'users', 1`,
    [user.id, user.key],
  );
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]));
}
