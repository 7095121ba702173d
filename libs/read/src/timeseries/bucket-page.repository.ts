import type { Sql } from '#libs/database';
import { formatInstant, type Instant, parseIsoInstant, type ZoneOffsetMinutes } from '#libs/model';
import type { KeysetCursor } from '../paging/cursor.js';
import { bucketStart, nextBucketStart } from './resolution.js';
import { firstWindowLength, nearestWindow, streamDensity, WINDOW_GROWTH, without } from './scan-windows.js';
import { streamPosition } from './stream-cursor.js';
import { clipToStreams, hasPointsIn, isCoordinate, type Stream } from './stream.repository.js';
import { intersection, isEmptyRange, type TimeRange } from './time-range.js';

export interface BucketRow {
  stream_id: number;
  /** Start of the bucket, wire text. */
  recorded_at: string;
  value: number;
  /** Of the first sample in the bucket. */
  zone_offset: ZoneOffsetMinutes | null;
  point_count: number;
}

interface BucketScan {
  readonly streams: readonly Stream[];
  readonly range: TimeRange;
  readonly isBackward: boolean;
  readonly length: number;
}

/** Points read per stream and statement: a dense stretch behind a gap is not aggregated as a whole. */
const POINT_CAP = 20_000;
const CAP_GROWTH = 8;

const bucketSql = (isBackward: boolean): string => `
  SELECT s.id AS stream_id, b.recorded_at, b.value, b.zone_offset, b.point_count
  FROM unnest($2::int[], $3::text[], $4::boolean[]) AS s (id, aggregation, is_coordinate)
  CROSS JOIN LATERAL (
    SELECT date_bin($5::bigint * interval '1 microsecond', p.recorded_at, 'epoch'::timestamptz) AS recorded_at,
           count(*) AS point_count,
           CASE WHEN s.is_coordinate THEN avg(p.value)
                WHEN s.aggregation = 'sum' THEN round(sum(p.value)::numeric, 3)::float8
                WHEN s.aggregation = 'max' THEN round(max(p.value)::numeric, 3)::float8
                ELSE round(round(sum(p.value)::numeric, 3) / count(*), 3)::float8
           END AS value,
           (array_agg(p.zone_offset ORDER BY p.recorded_at))[1] AS zone_offset
    FROM (
      SELECT recorded_at, value, zone_offset
      FROM point
      WHERE user_key = $1 AND stream_id = s.id AND recorded_at >= $6 AND recorded_at < $7
      ORDER BY recorded_at ${isBackward ? 'DESC' : 'ASC'}
      LIMIT $8
    ) p
    GROUP BY 1
  ) b
  ORDER BY b.recorded_at ${isBackward ? 'DESC' : 'ASC'}, s.id ${isBackward ? 'DESC' : 'ASC'}`;

const FORWARD_SQL = bucketSql(false);
const BACKWARD_SQL = bucketSql(true);

/**
 * Up to `wanted` or a few more buckets of the streams in the range, in the order (bucket start, stream id) from the
 * start or the cursor, nearest first when the cursor leads backward. Only the points of these buckets, and of what the
 * last statement read beyond them, are aggregated.
 */
export async function scanBuckets(
  sql: Sql,
  streams: readonly Stream[],
  range: TimeRange,
  length: number,
  cursor: KeysetCursor | null,
  wanted: number,
): Promise<BucketRow[]> {
  const isBackward = cursor?.isBackward ?? false;
  const ahead = bucketsAhead(range, cursor, length);
  const candidates = streams.filter((stream) => hasPointsIn(stream, ahead));
  const scan: BucketScan = { streams: candidates, range: ahead, isBackward, length };
  const rows: BucketRow[] = [];
  let rest = aligned(clipToStreams(ahead, candidates), length);
  let step = firstWindowLength(wanted, bucketDensity(candidates, length));
  let cap = POINT_CAP;
  while (!isEmptyRange(rest) && rows.length < wanted) {
    const window = nearestWindow(rest, nextBucketStart(step, length), isBackward);
    const found = await bucketsIn(sql, scan, window, cap);
    const complete = completePart(found, window, scan, cap);
    rows.push(...found.filter((row) => isIn(complete, row) && isBeyond(cursor, row)));
    rest = without(rest, complete, isBackward);
    if (isEmptyRange(complete)) cap *= CAP_GROWTH;
    step = complete === window ? step * WINDOW_GROWTH : firstWindowLength(wanted, bucketDensity(candidates, length));
  }
  return rows;
}

/** The range from the cursor's bucket on; that bucket itself stays in, for the other streams. */
function bucketsAhead(range: TimeRange, cursor: KeysetCursor | null, length: number): TimeRange {
  if (!cursor) return range;
  return cursor.isBackward
    ? { from: range.from, to: Math.min(range.to, bucketStart(cursor.at, length) + length) }
    : { from: Math.max(range.from, nextBucketStart(cursor.at, length)), to: range.to };
}

const aligned = ({ from, to }: TimeRange, length: number): TimeRange => ({
  from: bucketStart(from, length),
  to: nextBucketStart(to, length),
});

/** A stream fills at most one bucket per bucket length, and at most one per point. */
const bucketDensity = (streams: readonly Stream[], length: number): number =>
  streams.reduce((sum, stream) => sum + Math.min(streamDensity(stream), 1 / length), 0);

async function bucketsIn(
  sql: Sql,
  { streams, range, isBackward, length }: BucketScan,
  window: TimeRange,
  cap: number,
): Promise<BucketRow[]> {
  const within = intersection(window, range);
  const active = streams.filter((stream) => hasPointsIn(stream, within));
  if (active.length === 0) return [];
  return sql.query<BucketRow>(isBackward ? BACKWARD_SQL : FORWARD_SQL, [
    active[0]!.userKey,
    active.map((stream) => stream.id),
    active.map((stream) => stream.series.aggregation),
    active.map(isCoordinate),
    length,
    formatInstant(within.from),
    formatInstant(within.to),
    cap,
  ]);
}

/**
 * The part of the window in which every bucket is whole: where a stream had more points than were read, its farthest
 * bucket may be cut. The window itself when nothing was cut.
 */
function completePart(found: readonly BucketRow[], window: TimeRange, scan: BucketScan, cap: number): TimeRange {
  const read = new Map<number, { points: number; farthest: Instant }>();
  for (const row of found) {
    const points = (read.get(row.stream_id)?.points ?? 0) + row.point_count;
    read.set(row.stream_id, { points, farthest: parseIsoInstant(row.recorded_at)! });
  }
  const cuts = [...read.values()].filter(({ points }) => points >= cap).map(({ farthest }) => farthest);
  if (cuts.length === 0) return window;
  return scan.isBackward
    ? { from: Math.max(...cuts) + scan.length, to: window.to }
    : { from: window.from, to: Math.min(...cuts) };
}

function isIn(range: TimeRange, row: BucketRow): boolean {
  const start = parseIsoInstant(row.recorded_at)!;
  return start >= range.from && start < range.to;
}

/** Strictly after the cursor in the direction it leads. */
function isBeyond(cursor: KeysetCursor | null, row: BucketRow): boolean {
  if (!cursor) return true;
  const difference = parseIsoInstant(row.recorded_at)! - cursor.at || row.stream_id - streamPosition(cursor.id);
  return cursor.isBackward ? difference < 0 : difference > 0;
}
