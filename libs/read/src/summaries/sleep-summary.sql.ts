import { inSpan, spanOf } from './date-span.js';

/**
 * Every sleep event of a span of nights. A night is the local date on which a sleep ends.
 *
 * Parameters: $1 user key, $2 category, $3 first date, $4 date after the last, $5 days of the span.
 */
export const sleepNightsSql = (direction: 'ASC' | 'DESC'): string => `
  WITH nearest AS (
    SELECT local_date
    FROM event
    WHERE user_key = $1 AND category = $2 AND local_date >= $3 AND local_date < $4
    ORDER BY local_date ${direction}
    LIMIT 1
  ),
  span AS MATERIALIZED (SELECT ${spanOf(direction, 'local_date')} FROM nearest),
  nights AS MATERIALIZED (
    SELECT e.*
    FROM event e
    WHERE e.user_key = $1 AND e.category = $2 AND ${inSpan('e.local_date')}
  )
  SELECT e.id, e.source_id, e.local_date, e.started_at, e.ended_at, e.zone_offset, e.duration_seconds,
         d.total_minutes, d.time_in_bed_minutes, d.efficiency_percent,
         d.deep_minutes, d.rem_minutes, d.light_minutes, d.awake_minutes, d.is_nap
  FROM nights e
  LEFT JOIN LATERAL (
    SELECT * FROM sleep_detail d WHERE d.user_key = $1 AND d.event_id = e.id OFFSET 0
  ) d ON true
  ORDER BY e.local_date ${direction}, e.started_at, e.id`;

/**
 * Sums of vital samples inside sleep events, by series and source.
 * Parameters: $1 user key, $2 event ids, $3 series types.
 */
export const NIGHT_VITALS_SQL = `
  WITH streams AS MATERIALIZED (
    SELECT st.id, st.source_id, st.series_type
    FROM stream st
    WHERE st.user_key = $1 AND st.series_type = ANY ($3::smallint[])
  ),
  vitals AS MATERIALIZED (
    SELECT v.*
    FROM unnest($2::uuid[]) AS night (event_id)
    CROSS JOIN LATERAL (
      SELECT * FROM event_vital v WHERE v.user_key = $1 AND v.event_id = night.event_id OFFSET 0
    ) v
  )
  SELECT v.event_id, s.source_id, s.series_type, v.point_count, v.sum_value
  FROM vitals v JOIN streams s ON s.id = v.stream_id
  ORDER BY v.event_id, v.stream_id`;
