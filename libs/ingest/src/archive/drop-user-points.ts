import type { Session, Sql } from '#libs/database';
import type { LocalDate } from '#libs/model';
import { lockUser } from '../erase/lock-user.js';
import { addToCounters } from '../points/platform-counter.js';

export interface DroppedPoints {
  readonly points: number;
  readonly rollups: number;
  /** Nothing before the cutoff is left. */
  readonly isDone: boolean;
}

/** Streams that may have points on local dates before $1. */
const MAY_BE_DUE = `s.point_count > 0 AND s.first_at + s.zone_min * interval '1 minute' < $1::date`;

/** Keys of users with points on local dates before the cutoff. */
export async function usersWithPointsBefore(sql: Sql, cutoff: LocalDate): Promise<number[]> {
  const rows = await sql.query<{ user_key: number }>(
    `SELECT DISTINCT s.user_key FROM stream s
     WHERE ${MAY_BE_DUE} AND EXISTS (
       SELECT FROM point p
       WHERE p.user_key = s.user_key AND p.stream_id = s.id AND p.recorded_at >= s.first_at
         AND p.recorded_at < $1::date + interval '18 hours'
         AND p.recorded_at + coalesce(p.zone_offset, 0) * interval '1 minute' < $1::date OFFSET 0)
     ORDER BY s.user_key`,
    [cutoff],
  );
  return rows.map((row) => row.user_key);
}

/**
 * Drops the user's oldest points on local dates before the cutoff, about `most` of them, and archives the rollups of
 * these dates. One transaction under the user's lock.
 */
export function dropUserPoints(db: Session, userKey: number, cutoff: LocalDate, most: number): Promise<DroppedPoints> {
  return db.transaction(async (sql) => {
    const user = { id: '', key: userKey };
    await sql.query(`SELECT set_config('jit', 'off', true)`);
    await lockUser(sql, user);
    const [batch] = await sql.query<{ before: LocalDate; streams: number[] | null }>(BATCH, [cutoff, userKey, most]);
    const { before, streams } = batch!;
    const isDone = before === cutoff;
    if (!streams) return { points: 0, rollups: 0, isDone };
    const [dropped] = await sql.query<{ rollups: number; streams: number[]; counts: number[] }>(DROP, [
      userKey,
      streams,
      before,
    ]);
    const { rollups, counts } = dropped!;
    const points = counts.reduce((sum, count) => sum + count, 0);
    if (points > 0) {
      await sql.query(RECOUNT, [userKey, dropped!.streams, counts, before]);
      await sql.query(CLEAR_DAYS, [userKey, dropped!.streams, before]);
    }
    await addToCounters(sql, user, { points: -points, archived_rollups: rollups });
    return { points, rollups, isDone };
  });
}

/**
 * Up to which local date a batch goes: the whole of the UTC day on which the points reach `most`, whose points lie on
 * local dates up to the next day.
 */
const BATCH = `
  SELECT least($1::date, min(day) FILTER (WHERE running >= $3) + 2) AS before,
    (SELECT array_agg(s.id) FROM stream s WHERE s.user_key = $2 AND ${MAY_BE_DUE}) AS streams
  FROM (
    SELECT day, sum(sum(point_count)) OVER (ORDER BY day) AS running
    FROM stream_day WHERE user_key = $2 AND day <= $1 GROUP BY day
  ) d`;

/** No zone offset is larger than 18 hours: later points cannot be due, which tells the partitions to look at. */
const LATEST = `$3::date + interval '18 hours'`;

const DROP = `
  WITH dropped AS (
    DELETE FROM point p
    WHERE p.user_key = $1 AND p.stream_id = ANY ($2::integer[]) AND p.recorded_at < ${LATEST}
      AND p.recorded_at + coalesce(p.zone_offset, 0) * interval '1 minute' < $3::date
    RETURNING p.stream_id, (p.recorded_at AT TIME ZONE 'UTC')::date AS day
  ), per_day AS MATERIALIZED (
    SELECT stream_id, day, count(*)::integer AS points FROM dropped GROUP BY stream_id, day
  ), days AS (
    UPDATE stream_day d SET point_count = d.point_count - p.points FROM per_day p
    WHERE d.user_key = $1 AND d.stream_id = p.stream_id AND d.day = p.day
  ), rollups AS (
    UPDATE rollup r SET archived = true
    WHERE r.user_key = $1 AND r.stream_id = ANY ($2::integer[]) AND r.local_date < $3 AND NOT r.archived
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM rollups) AS rollups,
    coalesce(array_agg(stream_id), '{}') AS streams, coalesce(array_agg(points), '{}') AS counts
  FROM (SELECT stream_id, sum(points)::integer AS points FROM per_day GROUP BY stream_id) s`;

const RECOUNT = `
  UPDATE stream s
  SET point_count = s.point_count - c.points,
    first_at = (
      SELECT p.recorded_at FROM point p
      WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= s.first_at
      ORDER BY p.recorded_at LIMIT 1),
    last_at = CASE WHEN s.last_at >= $4::date + interval '18 hours' THEN s.last_at ELSE (
      SELECT p.recorded_at FROM point p
      WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at <= s.last_at
      ORDER BY p.recorded_at DESC LIMIT 1) END
  FROM unnest($2::integer[], $3::integer[]) AS c (stream_id, points)
  WHERE s.user_key = $1 AND s.id = c.stream_id`;

const CLEAR_DAYS = `
  DELETE FROM stream_day
  WHERE user_key = $1 AND stream_id = ANY ($2::integer[]) AND day <= $3::date AND point_count = 0`;
