import type { Sql } from '#libs/database';
import { DAY, formatInstant, type Instant } from '#libs/model';
import { clipToStreams, hasPointsIn, liesWithin, type Stream } from './stream.repository.js';
import { intersection, isEmptyRange, startOfUtcDay, type TimeRange, utcDate } from './time-range.js';

/** A range end moved to the nearer midnight, and the points between, to be added or taken away. */
interface DayEdge {
  readonly midnight: Instant;
  readonly between: TimeRange;
  readonly sign: 1 | -1;
}

const COUNT_SQL = `
  SELECT s.id AS stream_id,
         (SELECT coalesce(sum(d.point_count), 0) FROM stream_day d
          WHERE d.user_key = $1 AND d.stream_id = s.id AND d.day >= $3 AND d.day < $4)
         + (SELECT coalesce(sum(d.point_count), 0) FROM stream_day d
            WHERE d.user_key = $1 AND d.stream_id = s.id AND d.day >= $5 AND d.day < $6) AS days,
         $7::int * (SELECT count(*) FROM point p
                    WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= $8 AND p.recorded_at < $9)
         + $10::int * (SELECT count(*) FROM point p
                       WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= $11 AND p.recorded_at < $12)
           AS edges
  FROM unnest($2::int[]) AS s (id)`;

/**
 * Exact number of points per stream in the range; streams without any are missing. Whole streams are counted by their
 * counter, the rest by the counters of UTC days (inside or outside of the range, whichever are fewer) and the points
 * between each end of the range and its nearer midnight.
 */
export async function countPoints(
  sql: Sql,
  streams: readonly Stream[],
  range: TimeRange,
): Promise<Map<Stream['id'], number>> {
  if (isEmptyRange(range)) return new Map();
  const touched = streams.filter((stream) => hasPointsIn(stream, range));
  const cut = touched.filter((stream) => !liesWithin(stream, range));
  const counts = new Map(touched.map((stream) => [stream.id, stream.pointCount]));
  if (cut.length === 0) return counts;

  const all = clipToStreams({ from: -Infinity, to: Infinity }, cut);
  const inside = intersection(range, all);
  const lower = lowerEdge(inside.from);
  const upper = upperEdge(inside.to);
  const isOutsideShorter = inside.to - inside.from > (all.to - all.from) / 2;
  const days = isOutsideShorter
    ? [startOfUtcDay(all.from), lower.midnight, upper.midnight, startOfUtcDay(all.to) + DAY]
    : [lower.midnight, upper.midnight, upper.midnight, upper.midnight];
  const rows = await sql.query<{ stream_id: number; days: number; edges: number }>(COUNT_SQL, [
    cut[0]!.userKey,
    cut.map((stream) => stream.id),
    ...days.map(utcDate),
    ...edgeParameters(lower),
    ...edgeParameters(upper),
  ]);
  for (const row of rows) {
    const whole = isOutsideShorter ? counts.get(row.stream_id)! - row.days : row.days;
    counts.set(row.stream_id, whole + row.edges);
  }
  return counts;
}

/** The start of a range: points from `at` on count. */
function lowerEdge(at: Instant): DayEdge {
  const day = startOfUtcDay(at);
  return at - day <= DAY / 2
    ? { midnight: day, between: { from: day, to: at }, sign: -1 }
    : { midnight: day + DAY, between: { from: at, to: day + DAY }, sign: 1 };
}

/** The end of a range: points before `at` count. */
function upperEdge(at: Instant): DayEdge {
  const { midnight, between, sign } = lowerEdge(at);
  return { midnight, between, sign: sign === 1 ? -1 : 1 };
}

const edgeParameters = ({ sign, between }: DayEdge): unknown[] => [
  sign,
  formatInstant(between.from),
  formatInstant(between.to),
];
