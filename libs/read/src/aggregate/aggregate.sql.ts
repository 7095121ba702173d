import { rankedSources } from '../source-ranking.js';

const streams = (condition: string): string => `
  WITH ${rankedSources('$1', '$2')},
  streams AS MATERIALIZED (
    SELECT st.id, st.series_type, st.is_daily_total, k.position
    FROM stream st JOIN ranked k USING (source_id)
    WHERE st.user_key = $1 AND st.series_type = ANY ($3::smallint[]) ${condition}
  )`;

const rollups = (condition: string): string => `
  ${streams(condition)}
  SELECT s.series_type, s.position, s.is_daily_total, r.local_date, r.point_count AS count, r.sum_value AS sum,
    r.min_value AS min, r.max_value AS max, r.last_value AS last, r.last_at
  FROM streams s
  CROSS JOIN LATERAL (
    SELECT * FROM rollup r
    WHERE r.user_key = $1 AND r.stream_id = s.id AND r.local_date >= $4 AND r.local_date < $5
    OFFSET 0
  ) r`;

/** Days of the series in order of nothing. Parameters: $1 user key, $2 user id, $3 series types, $4 from, $5 to. */
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
      min(p.value) AS min, max(p.value) AS max, max(p.recorded_at) AS last_at,
      ${withLast ? '(array_agg(p.value ORDER BY p.recorded_at DESC))[1]' : 'NULL::float8'} AS last
    FROM point p
    WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= $4::timestamptz
      AND p.recorded_at < $5::timestamptz
    GROUP BY 1
  ) p`;
