const STREAMS = `
  streams AS MATERIALIZED (
    SELECT st.id, st.series_type, st.source_id
    FROM stream st
    WHERE st.user_key = $1 AND st.series_type = ANY ($2::smallint[])
  )`;

/**
 * Per stream the newest days that began before now, out of rollups, so that archived values stay readable. Offsets span
 * 26 hours, so a traveller's newest sample may lie on the newest local date or one of the two before it.
 * Parameters: $1 user key, $2 series types, $3 now.
 */
export const NEWEST_DAYS_SQL = `
  WITH ${STREAMS}
  SELECT s.id AS stream_id, s.series_type, s.source_id, d.first_at, d.first_value, d.last_at, d.last_value
  FROM streams s
  CROSS JOIN LATERAL (
    SELECT r.local_date, r.first_at, r.first_value, r.last_at, r.last_value
    FROM rollup r
    WHERE r.user_key = $1 AND r.stream_id = s.id AND r.local_date <= ($3::timestamptz AT TIME ZONE 'UTC')::date + 1
      AND r.first_at < $3
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
  ORDER BY s.id DESC`;

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
      WHERE p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at >= $3 AND p.recorded_at ${below} $4
      OFFSET 0`;

/**
 * Averages per series and source over a few days. Added up as exact decimals, so that the order of the samples
 * cannot show in them.
 * Parameters: $1 user key, $2 series types, $3 from, $4 to (exclusive).
 */
export const WINDOW_AVERAGES_SQL = `
  WITH ${STREAMS}
  SELECT s.series_type, s.source_id, avg(p.value::numeric) AS average
  FROM streams s
  CROSS JOIN LATERAL (${pointsOf('<')}) p
  GROUP BY s.series_type, s.source_id`;

/**
 * All samples of a few hours, newest first.
 * Parameters: $1 user key, $2 series types, $3 from, $4 to (inclusive).
 */
export const WINDOW_SAMPLES_SQL = `
  WITH ${STREAMS}
  SELECT s.series_type, s.source_id, p.recorded_at, p.value
  FROM streams s
  CROSS JOIN LATERAL (${pointsOf('<=')}) p
  ORDER BY p.recorded_at DESC, s.id DESC`;
