import type { Sql } from '#libs/database';
import { formatInstant, type ZoneOffsetMinutes } from '#libs/model';
import type { KeysetCursor } from '../paging/cursor.js';
import { pointDensity, scanWindows } from './scan-windows.js';
import { streamPosition } from './stream-cursor.js';
import { clipToStreams, hasPointsIn, type Stream } from './stream.repository.js';
import type { TimeRange } from './time-range.js';

export interface PointRow {
  stream_id: number;
  /** Wire text. */
  recorded_at: string;
  value: number;
  zone_offset: ZoneOffsetMinutes | null;
}

/** One small index range per stream, merged: the cost depends on the rows wanted, not on where in the range they lie. */
const pageSql = (isBackward: boolean): string => `
  SELECT p.stream_id, p.recorded_at, p.value, p.zone_offset
  FROM unnest($2::int[]) AS s (id)
  CROSS JOIN LATERAL (
    SELECT stream_id, recorded_at, value, zone_offset
    FROM point
    WHERE user_key = $1 AND stream_id = s.id AND recorded_at >= $3 AND recorded_at < $4
      AND ($5::timestamptz IS NULL OR (recorded_at, stream_id) ${isBackward ? '<' : '>'} ($5, $6::bigint))
    ORDER BY recorded_at ${isBackward ? 'DESC' : 'ASC'}
    LIMIT $7
  ) p
  ORDER BY p.recorded_at ${isBackward ? 'DESC' : 'ASC'}, p.stream_id ${isBackward ? 'DESC' : 'ASC'}
  LIMIT $7`;

export const FORWARD_PAGE_SQL = pageSql(false);
export const BACKWARD_PAGE_SQL = pageSql(true);

/**
 * Up to `wanted` points of the streams in the range, in the order (recorded_at, stream id) from the start or the cursor,
 * nearest first when the cursor leads backward.
 */
export async function scanPoints(
  sql: Sql,
  streams: readonly Stream[],
  range: TimeRange,
  cursor: KeysetCursor | null,
  wanted: number,
): Promise<PointRow[]> {
  const isBackward = cursor?.isBackward ?? false;
  const ahead = rangeAhead(range, cursor);
  const candidates = streams.filter((stream) => hasPointsIn(stream, ahead));
  const windows = scanWindows(clipToStreams(ahead, candidates), isBackward, wanted, pointDensity(candidates));
  const rows: PointRow[] = [];
  for (const window of windows) {
    const active = candidates.filter((stream) => hasPointsIn(stream, window));
    if (active.length === 0) continue;
    rows.push(...(await windowPoints(sql, active, window, cursor, wanted - rows.length)));
    if (rows.length >= wanted) break;
  }
  return rows;
}

/** What is left of the range from the cursor on; the instant of the cursor itself stays in, for the other streams. */
function rangeAhead(range: TimeRange, cursor: KeysetCursor | null): TimeRange {
  if (!cursor) return range;
  return cursor.isBackward
    ? { from: range.from, to: Math.min(range.to, cursor.at + 1) }
    : { from: Math.max(range.from, cursor.at), to: range.to };
}

function windowPoints(
  sql: Sql,
  streams: readonly Stream[],
  window: TimeRange,
  cursor: KeysetCursor | null,
  wanted: number,
): Promise<PointRow[]> {
  return sql.query<PointRow>(cursor?.isBackward ? BACKWARD_PAGE_SQL : FORWARD_PAGE_SQL, [
    streams[0]!.userKey,
    streams.map((stream) => stream.id),
    formatInstant(window.from),
    formatInstant(window.to),
    cursor && formatInstant(cursor.at),
    cursor && streamPosition(cursor.id),
    wanted,
  ]);
}
