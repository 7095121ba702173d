import type { Sql, UserRef } from '#libs/database';
import { addToCounters } from './platform-counter.js';

/**
 * Removes all streams of the given data sources with their points, counters, rollups and shares in events' vitals.
 * Runs in the caller's transaction, which holds the user's lock. Returns the number of points removed.
 */
export async function erasePoints(sql: Sql, user: UserRef, sourceIds: readonly string[]): Promise<number> {
  if (sourceIds.length === 0) return 0;
  const [erased] = await sql.query<{ points: number; archived: number }>(ERASE, [user.key, sourceIds]);
  const points = erased?.points ?? 0;
  await addToCounters(sql, user, { points: -points, archived_rollups: -(erased?.archived ?? 0) });
  return points;
}

const ERASE = `
  WITH streams AS (
    DELETE FROM stream WHERE user_key = $1 AND source_id = ANY ($2::uuid[]) RETURNING id, first_at, last_at
  ), points AS (
    DELETE FROM point WHERE user_key = $1 AND stream_id IN (SELECT id FROM streams) RETURNING 1
  ), days AS (
    DELETE FROM stream_day WHERE user_key = $1 AND stream_id IN (SELECT id FROM streams)
  ), rollups AS (
    DELETE FROM rollup WHERE user_key = $1 AND stream_id IN (SELECT id FROM streams) RETURNING archived
  ), vitals AS (
    DELETE FROM event_vital WHERE user_key = $1 AND stream_id IN (SELECT id FROM streams)
  )
  SELECT (SELECT count(*) FROM points) AS points, (SELECT count(*) FILTER (WHERE archived) FROM rollups) AS archived`;
