import { rankedSources } from '../source-ranking.js';

/**
 * Every sleep event of the page's nights with its place in the source order. A night is the local date on which a sleep
 * ends; one night more than the page holds is read, so that the caller sees whether there is more.
 *
 * Parameters: $1 user key, $2 user id, $3 first date, $4 date after the last, $5 number of nights.
 */
export const sleepNightsSql = (direction: 'ASC' | 'DESC'): string => `
  WITH ${rankedSources('$1', '$2')},
  nights AS MATERIALIZED (
    SELECT DISTINCT local_date
    FROM event
    WHERE user_key = $1 AND category = 'sleep' AND local_date >= $3 AND local_date < $4
    ORDER BY local_date ${direction}
    LIMIT $5
  )
  SELECT e.id, e.local_date, e.started_at, e.ended_at, e.zone_offset, e.duration_seconds,
         d.total_minutes, d.time_in_bed_minutes, d.efficiency_percent,
         d.deep_minutes, d.rem_minutes, d.light_minutes, d.awake_minutes, d.is_nap,
         k.source_id, k.provider, k.source, k.device_model, k.device_type, k.position, k.own_rank, k.provider_rank,
         k.device_rank
  FROM event e
  JOIN ranked k USING (source_id)
  LEFT JOIN sleep_detail d ON d.user_key = e.user_key AND d.event_id = e.id
  WHERE e.user_key = $1 AND e.category = 'sleep'
    AND e.local_date >= (SELECT min(local_date) FROM nights) AND e.local_date <= (SELECT max(local_date) FROM nights)
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
  FROM event_vital v
  JOIN stream st ON st.user_key = v.user_key AND st.id = v.stream_id
  JOIN ranked k USING (source_id)
  WHERE v.user_key = $1 AND v.event_id = ANY ($3::uuid[])
  ORDER BY k.position, v.event_id, v.stream_id`;
