import type { Sql, UserRef } from '#libs/database';
import { counterShard } from '#libs/ingest';

/**
 * Tables with rows of a user that no foreign key from users reaches, or that are too large to be left to row-by-row
 * cascades; children before parents.
 */
const HEALTH_TABLES = [
  'event_vital',
  'workout_track',
  'workout_detail',
  'sleep_detail',
  'menstrual_cycle_detail',
  'health_score',
  'sleep_fragment',
  'event_tombstone',
  'event',
  'point',
  'stream_day',
  'rollup',
  'stream',
  'data_source',
] as const;

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

/**
 * Removes a user and everything held about them, inside the caller's transaction. The user's row must be locked, so
 * that no writer adds rows meanwhile.
 */
export async function eraseUser(sql: Sql, user: UserRef): Promise<void> {
  // Years of samples take longer than a request's statement may.
  await sql.query(`SET LOCAL statement_timeout = '15min'`);
  const held = await sql.query<{ name: string; count: number }>(HELD, [user.key]);
  for (const table of HEALTH_TABLES) await sql.query(`DELETE FROM ${table} WHERE user_key = $1`, [user.key]);
  await sql.query('DELETE FROM users WHERE key = $1', [user.key]);
  // Last, because users share these rows.
  await sql.query(UNCOUNT, [counterShard(user.key), held.map(({ name }) => name), held.map(({ count }) => count)]);
}
