import type { Sql } from '#libs/database';
import {
  type Instant,
  parseIsoInstant,
  type SeriesCode,
  type SeriesType,
  seriesTypeByCode,
  seriesTypeById,
} from '#libs/model';
import { type SourceColumns, type SourceView, sourceView } from '../source/source-view.js';
import type { TimeRange } from './time-range.js';

/** One series of one source that has points. */
export interface Stream {
  readonly id: number;
  readonly userKey: number;
  readonly series: SeriesType;
  readonly isDailyTotal: boolean;
  readonly pointCount: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly source: SourceView;
}

interface StreamRow extends SourceColumns {
  user_key: number;
  id: number;
  series_type: number;
  is_daily_total: boolean;
  point_count: number;
  first_at: string;
  last_at: string;
}

const STREAMS_SQL = `
  SELECT u.key AS user_key, s.id, s.series_type, s.is_daily_total, s.point_count, s.first_at, s.last_at,
         d.provider, d.source, d.device_model, d.device_type
  FROM users u
  JOIN stream s ON s.user_key = u.key
  JOIN data_source d ON d.id = s.source_id
  WHERE u.id = $1 AND s.point_count > 0 AND ($2::smallint[] IS NULL OR s.series_type = ANY ($2))`;

/** The user's streams of the given series, all of them when `types` is null. Unknown users have none. */
export async function userStreams(sql: Sql, userId: string, types: readonly SeriesCode[] | null): Promise<Stream[]> {
  const ids = types?.map((code) => seriesTypeByCode(code)?.id).filter((id) => id !== undefined) ?? null;
  const rows = await sql.query<StreamRow>(STREAMS_SQL, [userId, ids]);
  return rows.flatMap((row) => {
    const series = seriesTypeById(row.series_type);
    return series ? [streamOf(row, series)] : [];
  });
}

const streamOf = (row: StreamRow, series: SeriesType): Stream => ({
  id: row.id,
  userKey: row.user_key,
  series,
  isDailyTotal: row.is_daily_total,
  pointCount: row.point_count,
  firstAt: parseIsoInstant(row.first_at)!,
  lastAt: parseIsoInstant(row.last_at)!,
  source: sourceView(row),
});

/** True when the stream may have points in the range. */
export const hasPointsIn = (stream: Stream, range: TimeRange): boolean =>
  stream.firstAt < range.to && stream.lastAt >= range.from;

export const liesWithin = (stream: Stream, range: TimeRange): boolean =>
  stream.firstAt >= range.from && stream.lastAt < range.to;

/** The part of the range in which these streams can have points. */
export function clipToStreams(range: TimeRange, streams: readonly Stream[]): TimeRange {
  let first = Infinity;
  let last = -Infinity;
  for (const stream of streams) {
    first = Math.min(first, stream.firstAt);
    last = Math.max(last, stream.lastAt);
  }
  return { from: Math.max(range.from, first), to: Math.min(range.to, last + 1) };
}

/** Coordinates keep their full precision; all other values have three decimals. */
export const isCoordinate = ({ series }: Stream): boolean => series.code === 'latitude' || series.code === 'longitude';
