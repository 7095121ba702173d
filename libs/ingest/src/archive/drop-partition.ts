import type { Session, Sql } from '#libs/database';
import type { LocalDate } from '#libs/model';
import { SHARDS } from '../points/platform-counter.js';

/** One month of points. */
export interface Partition {
  readonly name: string;
  /** Wire text; `-infinity` for the partition that has no start. */
  readonly starts: string;
  readonly ends: string;
}

/**
 * Partitions all of whose points lie on local dates before the cutoff, whatever their zone offset, oldest first: those
 * that end a day before it at the latest.
 */
export async function partitionsBefore(sql: Sql, cutoff: LocalDate): Promise<Partition[]> {
  return sql.query<{ name: string; starts: string; ends: string }>(
    `SELECT name, coalesce(starts, '-infinity') AS starts, ends
     FROM (
       SELECT c.oid::regclass::text AS name,
         substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \\(''([^'']+)''\\)') AS starts,
         substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)') AS ends
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'point'::regclass
     ) p
     WHERE ends::timestamptz <= $1::date - 1
     ORDER BY ends::timestamptz`,
    [cutoff],
  );
}

/** Tried again like a deadlock: somebody wrote into the partition while it was being locked. */
class PartitionInUse extends Error {
  readonly code = '55P03';
}

/**
 * Drops a partition; the rollups of its local dates are archived and all counters follow. Everything that writes about
 * its users waits from the beginning, so nothing is written between counting and dropping. All others are kept out for
 * the last moment only.
 */
export async function dropPartition(
  db: Session,
  { name, starts, ends }: Partition,
): Promise<{ points: number; rollups: number }> {
  return db.transaction(async (sql) => {
    await sql.query(`SELECT set_config('jit', 'off', true)`);
    const locked = await sql.query<{ key: number }>(
      `SELECT u.key FROM users u WHERE EXISTS (SELECT FROM stream s WHERE s.user_key = u.key AND ${OVERLAPS})
       ORDER BY u.key FOR NO KEY UPDATE`,
      [starts, ends],
    );
    await sql.query(`LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`);
    const [stranger] = await sql.query(
      `SELECT s.user_key FROM stream s WHERE ${OVERLAPS} AND s.user_key <> ALL ($3::integer[]) LIMIT 1`,
      [starts, ends, locked.map(({ key }) => key)],
    );
    if (stranger) throw new PartitionInUse(`${name} is in use`);
    const shards = await sql.query<{ shard: number; points: number; rollups: number }>(archiveSql(name), [
      starts,
      ends,
    ]);
    // Long readers are not worth waiting for: all others would queue up behind.
    await sql.query(`SET LOCAL lock_timeout = '3s'`);
    await sql.query('LOCK TABLE ONLY point IN ACCESS EXCLUSIVE MODE');
    // After that lock, or a writer that holds it in part could wait here for us and we there for it.
    await sql.query(COUNT, [
      shards.map(({ shard }) => shard),
      shards.map(({ points }) => points),
      shards.map(({ rollups }) => rollups),
    ]);
    await sql.query(`DROP TABLE ${name}`);
    return {
      points: shards.reduce((sum, { points }) => sum + points, 0),
      rollups: shards.reduce((sum, { rollups }) => sum + rollups, 0),
    };
  });
}

const OVERLAPS = 's.first_at < $2::timestamptz AND s.last_at >= $1::timestamptz';

/**
 * What lay before and behind the partition tells the new bounds of a stream. A local date at the partition's edge is
 * archived as a whole; its other points are left to the next step.
 */
const archiveSql = (name: string): string => `
  WITH gone AS MATERIALIZED (
    SELECT user_key, stream_id, count(*) AS points FROM ${name} GROUP BY user_key, stream_id
  ), days AS (
    DELETE FROM stream_day d USING gone g
    WHERE d.user_key = g.user_key AND d.stream_id = g.stream_id
      AND d.day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND d.day < ($2::timestamptz AT TIME ZONE 'UTC')::date
  ), rollups AS (
    UPDATE rollup r SET archived = true FROM gone g
    WHERE r.user_key = g.user_key AND r.stream_id = g.stream_id
      AND r.local_date >= ($1::timestamptz AT TIME ZONE 'UTC')::date - 1
      AND r.local_date <= ($2::timestamptz AT TIME ZONE 'UTC')::date
      AND r.first_at < $2 AND r.last_at >= $1 AND NOT r.archived
    RETURNING r.user_key
  ), counted AS (
    UPDATE stream s
    SET point_count = s.point_count - g.points,
      first_at = CASE WHEN s.first_at < $1 THEN s.first_at ELSE (
        SELECT p.recorded_at FROM point p
        WHERE p.user_key = s.user_key AND p.stream_id = s.id AND p.recorded_at >= $2
        ORDER BY p.recorded_at LIMIT 1) END,
      last_at = CASE WHEN s.last_at >= $2 THEN s.last_at ELSE (
        SELECT p.recorded_at FROM point p
        WHERE p.user_key = s.user_key AND p.stream_id = s.id AND p.recorded_at < $1
        ORDER BY p.recorded_at DESC LIMIT 1) END
    FROM gone g
    WHERE s.user_key = g.user_key AND s.id = g.stream_id
  )
  SELECT user_key % ${SHARDS} AS shard, sum(points)::bigint AS points, sum(rollups)::bigint AS rollups
  FROM (
    SELECT user_key, points, 0 AS rollups FROM gone
    UNION ALL SELECT user_key, 0, 1 FROM rollups
  ) changes
  -- Users who are being erased are not counted any more.
  WHERE user_key IN (SELECT key FROM users)
  GROUP BY shard`;

const COUNT = `
  INSERT INTO platform_counter AS c (name, shard, value)
  SELECT name, shard, change
  FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS s (shard, points, rollups)
  CROSS JOIN LATERAL (VALUES ('points', -points), ('archived_rollups', rollups)) AS v (name, change)
  ORDER BY name, shard
  ON CONFLICT (name, shard) DO UPDATE SET value = c.value + excluded.value`;
