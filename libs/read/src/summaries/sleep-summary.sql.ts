import { rankedSources } from '../source-ranking.js';
import { inSpan, spanOf } from './date-span.js';

/**
 * Every sleep event of a span of nights with its place in the source order. A night is the local date on which a sleep
 * ends.
 *
 * Parameters: $1 user key, $2 user id, $3 first date, $4 date after the last, $5 days of the span.
 */
export const sleepNightsSql = (direction: 'ASC' | 'DESC'): string => `
  WITH ${rankedSources('$1', '$2')},
  nearest AS (
    SELECT local_date
    FROM event
    WHERE user_key = $1 AND category = 'sleep' AND local_date >= $3 AND local_date < $4
    ORDER BY local_date ${direction}
    LIMIT 1
  ),
  span AS MATERIALIZED (SELECT ${spanOf(direction, 'local_date')} FROM nearest),
  nights AS MATERIALIZED (
    SELECT e.*
    FROM event e
    WHERE e.user_key = $1 AND e.category = 'sleep' AND ${inSpan('e.local_date')}
  )
  SELECT e.id, e.local_date, e.started_at, e.ended_at, e.zone_offset, e.duration_seconds,
         d.total_minutes, d.time_in_bed_minutes, d.efficiency_percent,
         d.deep_minutes, d.rem_minutes, d.light_minutes, d.awake_minutes, d.is_nap,
         k.source_id, k.provider, k.source, k.device_model, k.device_type, k.position, k.own_rank, k.provider_rank,
         k.device_rank
  FROM nights e
  JOIN ranked k USING (source_id)
  LEFT JOIN LATERAL (
    SELECT * FROM sleep_detail d WHERE d.user_key = $1 AND d.event_id = e.id OFFSET 0
  ) d ON true
  ORDER BY e.local_date ${direction}, k.position, e.started_at, e.id`;

/**
 * Sums of vital samples inside sleep events, by series and source, best source first.
 * Parameters: $1 user key, $2 user id, $3 event ids.
 */
export const NIGHT_VITALS_SQL = `
  WITH ${rankedSources('$1', '$2')}
  SELECT v.event_id, st.series_type, v.point_count, v.sum_value,
         k.source_id, k.provider, k.source, k.device_model, k.device_type, k.position, k.own_rank, k.provider_rank,
         k.device_rank
  FROM unnest($3::uuid[]) AS night (event_id)
  CROSS JOIN LATERAL (
    SELECT * FROM event_vital v WHERE v.user_key = $1 AND v.event_id = night.event_id OFFSET 0
  ) v
  JOIN stream st ON st.user_key = $1 AND st.id = v.stream_id
  JOIN ranked k USING (source_id)
  ORDER BY k.position, v.event_id, v.stream_id`;
