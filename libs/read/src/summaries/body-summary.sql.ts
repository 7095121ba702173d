import { rankedSources } from '../source-ranking.js';

const streams = `
  streams AS MATERIALIZED (
    SELECT st.id, st.series_type, k.*
    FROM stream st JOIN ranked k USING (source_id)
    WHERE st.user_key = $1 AND st.series_type = ANY ($3::smallint[])
  )`;

const RANK_COLUMNS = `s.source_id, s.provider, s.source, s.device_model, s.device_type, s.position, s.own_rank,
  s.provider_rank, s.device_rank`;

/**
 * Per stream the newest days that began before now, out of rollups, so that archived values stay readable. Offsets span
 * 26 hours, so a traveller's newest sample may lie on the newest local date or one of the two before it.
 * Parameters: $1 user key, $2 user id, $3 series types, $4 now.
 */
export const NEWEST_DAYS_SQL = `
  WITH ${rankedSources('$1', '$2')}, ${streams}
  SELECT s.id AS stream_id, s.series_type, ${RANK_COLUMNS}, d.first_at, d.first_value, d.last_at, d.last_value
  FROM streams s
  CROSS JOIN LATERAL (
    SELECT r.local_date, r.first_at, r.first_value, r.last_at, r.last_value
    FROM rollup r
    WHERE r.user_key = $1 AND r.stream_id = s.id AND r.local_date <= ($4::timestamptz AT TIME ZONE 'UTC')::date + 1
      AND r.first_at < $4
    ORDER BY r.local_date DESC
    LIMIT 1
  ) newest
  CROSS JOIN LATERAL (
    SELECT newest.first_at, newest.first_value, newest.last_at, newest.last_value
    UNION ALL
    SELECT r.first_at, r.first_value, r.last_at, r.last_value
    FROM rollup r
    WHERE r.user_key = $1 AND r.stream_id = s.id
      AND r.local_date >= newest.local_date - 2 AND r.local_date < newest.local_date
  ) d
  ORDER BY s.position, s.id DESC`;

/**
 * The newest sample of one stream before now, for a day that also holds samples after now.
 * Parameters: $1 user key, $2 stream, $3 from, $4 now.
 */
export const NEWEST_SAMPLE_SQL = `
  SELECT recorded_at, value
  FROM point
  WHERE user_key = $1 AND stream_id = $2 AND recorded_at >= $3 AND recorded_at < $4
  ORDER BY recorded_at DESC
  LIMIT 1`;

const pointsOf = (below: '<' | '<='): string => `
      SELECT p.recorded_at, p.value
      FROM point p
      WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= $4 AND p.recorded_at ${below} $5
      OFFSET 0`;

/**
 * Averages per series and source over a few days, best source first. Added up as exact decimals, so that the order of
 * the samples cannot show in them.
 * Parameters: $1 user key, $2 user id, $3 series types, $4 from, $5 to (exclusive).
 */
export const WINDOW_AVERAGES_SQL = `
  WITH ${rankedSources('$1', '$2')}, ${streams},
  averages AS (
    SELECT s.series_type, s.source_id, avg(p.value::numeric) AS average
    FROM streams s
    CROSS JOIN LATERAL (${pointsOf('<')}) p
    GROUP BY s.series_type, s.source_id
  )
  SELECT s.series_type, s.average, ${RANK_COLUMNS.replaceAll('s.', 'k.')}
  FROM averages s JOIN ranked k USING (source_id)
  ORDER BY k.position`;

/**
 * All samples of a few hours, newest first, the better source first at equal times.
 * Parameters: $1 user key, $2 user id, $3 series types, $4 from, $5 to (inclusive).
 */
export const WINDOW_SAMPLES_SQL = `
  WITH ${rankedSources('$1', '$2')}, ${streams}
  SELECT s.series_type, ${RANK_COLUMNS}, p.recorded_at, p.value
  FROM streams s
  CROSS JOIN LATERAL (${pointsOf('<=')}) p
  ORDER BY p.recorded_at DESC, s.position, s.id DESC`;
