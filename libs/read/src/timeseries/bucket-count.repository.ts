import type { Sql } from '#libs/database';
import { formatInstant } from '#libs/model';
import { clipToStreams, hasPointsIn, type Stream } from './stream.repository.js';
import { isEmptyRange, type TimeRange } from './time-range.js';

const COUNT_SQL = `
  SELECT coalesce(sum(b.buckets), 0) AS total
  FROM unnest($2::int[]) AS s (id)
  CROSS JOIN LATERAL (
    SELECT count(*) AS buckets
    FROM (
      SELECT date_bin($3::bigint * interval '1 microsecond', recorded_at, 'epoch'::timestamptz) AS bucket
      FROM point
      WHERE user_key = $1 AND stream_id = s.id AND recorded_at >= $4 AND recorded_at < $5
      GROUP BY 1
    ) g
  ) b`;

/**
 * Exact number of buckets in the range. There is no counter for these: the cost grows with the points in the range, so
 * callers keep the result while the streams stay as they are.
 */
export async function countBuckets(
  sql: Sql,
  streams: readonly Stream[],
  range: TimeRange,
  length: number,
): Promise<number> {
  const touched = streams.filter((stream) => hasPointsIn(stream, range));
  const within = clipToStreams(range, touched);
  if (isEmptyRange(within)) return 0;
  const [row] = await sql.query<{ total: number }>(COUNT_SQL, [
    touched[0]!.userKey,
    touched.map((stream) => stream.id),
    length,
    formatInstant(within.from),
    formatInstant(within.to),
  ]);
  return row?.total ?? 0;
}
