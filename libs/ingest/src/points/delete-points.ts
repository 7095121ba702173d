import type { Sql, UserRef } from '#libs/database';
import { formatInstant, seriesTypeById, type Instant } from '#libs/model';
import { refreshRollups } from '../rollups/refresh-rollups.js';
import { StreamChange } from './point-change.js';
import { localDay, type OpenStream } from './point-row.js';
import { addToCounters } from './platform-counter.js';
import { refreshEventVitals } from '../events/event-vitals.js';

interface Deleted {
  readonly stream_id: number;
  readonly series_type: number;
  readonly source_id: string;
  readonly is_daily_total: boolean;
  readonly zone_min: number;
  readonly zone_max: number;
  readonly zone_offset: number | null;
}

/** Takes the points out and brings counters and bounds of their streams up to date. */
const DELETE_POINTS = `
  WITH gone AS (
    DELETE FROM point p USING stream s
    WHERE s.user_key = $1 AND s.source_id = ANY ($2::uuid[]) AND s.series_type = ANY ($3::smallint[])
      AND p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at = $4
    RETURNING p.stream_id, p.zone_offset
  ), days AS (
    UPDATE stream_day d SET point_count = d.point_count - 1
    FROM gone g WHERE d.user_key = $1 AND d.stream_id = g.stream_id
      AND d.day = ($4::timestamptz AT TIME ZONE 'UTC')::date
  ), bounds AS (
    SELECT g.stream_id, b.* FROM gone g CROSS JOIN LATERAL (
      SELECT min(recorded_at) AS first_at, max(recorded_at) AS last_at FROM point p
      WHERE p.user_key = $1 AND p.stream_id = g.stream_id AND p.recorded_at <> $4
    ) b
  )
  UPDATE stream s SET point_count = s.point_count - 1, first_at = b.first_at, last_at = b.last_at
  FROM gone g JOIN bounds b USING (stream_id)
  WHERE s.user_key = $1 AND s.id = g.stream_id
  RETURNING s.id AS stream_id, s.series_type, s.source_id, s.is_daily_total, s.zone_min, s.zone_max, g.zone_offset`;

/**
 * Deletes the points of some series of some sources at one instant, with all that is derived from them. Runs in the
 * caller's transaction, which holds the user's lock. Returns how many there were.
 */
export async function deletePointsAt(
  sql: Sql,
  user: UserRef,
  sourceIds: readonly string[],
  seriesTypes: readonly number[],
  at: Instant,
): Promise<number> {
  const gone = await sql.query<Deleted>(DELETE_POINTS, [user.key, sourceIds, seriesTypes, formatInstant(at)]);
  if (gone.length === 0) return 0;
  await sql.query('DELETE FROM stream_day WHERE user_key = $1 AND stream_id = ANY ($2::int[]) AND point_count <= 0', [
    user.key,
    gone.map(({ stream_id }) => stream_id),
  ]);
  await addToCounters(sql, user, { points: -gone.length });
  const changes = gone.map((row) => changeOf(row, at));
  await refreshRollups(sql, user, changes);
  await refreshEventVitals(
    sql,
    user,
    [],
    changes.map((change) => change.touched),
  );
  return gone.length;
}

function changeOf(row: Deleted, at: Instant): StreamChange {
  const stream: OpenStream = {
    id: row.stream_id,
    sourceId: row.source_id,
    series: seriesTypeById(row.series_type)!,
    isDailyTotal: row.is_daily_total,
    firstAt: null,
    lastAt: null,
    zoneMin: row.zone_min,
    zoneMax: row.zone_max,
    archivedDays: new Set(),
  };
  const change = new StreamChange(stream);
  const day = localDay(at, row.zone_offset);
  change.from = change.to = at;
  change.leftDays.add(day);
  change.localDays.add(day);
  return change;
}
