import { rankedSources } from '../source-ranking.js';

const streams = (condition: string): string => `
  WITH ${rankedSources('$1', '$2')},
  streams AS MATERIALIZED (
    SELECT st.id, st.series_type, st.is_daily_total, k.position
    FROM stream st JOIN ranked k USING (source_id)
    WHERE st.user_key = $1 AND st.series_type = ANY ($3::smallint[]) ${condition}
  )`;

/** An instant as microseconds since 1970. */
const microseconds = (instant: string): string => `(extract(epoch FROM ${instant}) * 1000000)::bigint`;

const rollups = (condition: string): string => `
  ${streams(condition)}
  SELECT s.series_type, s.position, s.is_daily_total, r.*
  FROM streams s
  CROSS JOIN LATERAL (
    SELECT array_agg(r.local_date - date '1970-01-01')::text AS days, array_agg(r.point_count)::text AS counts,
      array_agg(r.sum_value)::text AS sums, array_agg(r.min_value)::text AS mins, array_agg(r.max_value)::text AS maxs,
      array_agg(r.last_value)::text AS lasts, array_agg(${microseconds('r.last_at')})::text AS last_ats
    FROM rollup r
    WHERE r.user_key = $1 AND r.stream_id = s.id AND r.local_date >= $4 AND r.local_date < $5
    HAVING count(*) > 0
  ) r`;

/**
 * Days of the series, one row per stream with a list per figure.
 * Parameters: $1 user key, $2 user id, $3 series types, $4 from, $5 to.
 */
export const ROLLUPS_SQL = rollups('');
export const DAILY_TOTALS_SQL = rollups('AND st.is_daily_total');

/**
 * Intraday points gathered per stream and slot. The newest value of a slot costs a sort and is left out unless asked
 * for. Parameters: $1 user key, $2 user id, $3 series types, $4 from, $5 to, $6 starts of the slots in order.
 */
export const slotsSql = (withLast: boolean): string => `
  ${streams('AND NOT st.is_daily_total AND st.first_at < $5::timestamptz AND st.last_at >= $4::timestamptz')}
  SELECT s.series_type, s.position, p.*
  FROM streams s
  CROSS JOIN LATERAL (
    SELECT width_bucket(p.recorded_at, $6::timestamptz[]) - 1 AS slot, count(*) AS count, sum(p.value) AS sum,
      min(p.value) AS min, max(p.value) AS max, ${microseconds('max(p.recorded_at)')} AS last_at,
      ${withLast ? '(array_agg(p.value ORDER BY p.recorded_at DESC))[1]' : 'NULL::float8'} AS last
    FROM point p
    WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= $4::timestamptz
      AND p.recorded_at < $5::timestamptz
    GROUP BY 1
  ) p`;
