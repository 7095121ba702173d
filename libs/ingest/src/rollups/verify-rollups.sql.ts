import { DAY_COLUMNS, daysFromPoints, MINUTES_KIND_SQL } from './rollup.sql.js';

/**
 * Every statement answers one row `checked` without key, and one row per difference.
 * `compared (key, expected, stored, is_equal)` is what it starts from.
 */
const REPORT = `
  SELECT count(*) AS checked, NULL::jsonb AS key, NULL::jsonb AS expected, NULL::jsonb AS stored FROM compared
  UNION ALL
  SELECT 0, key, expected, stored FROM compared WHERE NOT is_equal`;

/** Points whose stream is missing are found here, too. Bounds may be wider than the points where days are archived. */
export const VERIFY_STREAMS = `
  WITH actual AS (
    SELECT stream_id, count(*) AS point_count, min(recorded_at) AS first_at, max(recorded_at) AS last_at,
      min(coalesce(zone_offset, 0)) AS zone_min, max(coalesce(zone_offset, 0)) AS zone_max
    FROM point WHERE user_key = $1 GROUP BY stream_id
  ), claimed AS (
    SELECT s.*, EXISTS (
      SELECT FROM rollup r WHERE r.user_key = $1 AND r.stream_id = s.id AND r.archived
    ) AS is_archived
    FROM stream s WHERE s.user_key = $1
  ), compared AS (
    SELECT jsonb_build_object('stream_id', coalesce(c.id, a.stream_id)) AS key,
      to_jsonb(a) - 'stream_id' AS expected,
      to_jsonb(c) - '{id,user_key,source_id,series_type,is_daily_total,is_archived}'::text[] AS stored,
      c.id IS NOT NULL AND c.point_count = coalesce(a.point_count, 0) AND CASE
        WHEN c.is_archived THEN a.stream_id IS NULL OR (c.first_at <= a.first_at AND c.last_at >= a.last_at)
        ELSE (c.first_at, c.last_at) IS NOT DISTINCT FROM (a.first_at, a.last_at)
      END AND (a.stream_id IS NULL OR (c.zone_min <= a.zone_min AND c.zone_max >= a.zone_max)) AS is_equal
    FROM claimed c FULL JOIN actual a ON a.stream_id = c.id
  ) ${REPORT}`;

export const VERIFY_STREAM_DAYS = `
  WITH actual AS (
    SELECT stream_id, (recorded_at AT TIME ZONE 'UTC')::date AS day, count(*) AS point_count
    FROM point WHERE user_key = $1 GROUP BY 1, 2
  ), claimed AS (
    SELECT stream_id, day, point_count FROM stream_day WHERE user_key = $1
  ), compared AS (
    SELECT jsonb_build_object('stream_id', stream_id, 'day', day) AS key,
      to_jsonb(a.point_count) AS expected, to_jsonb(c.point_count) AS stored,
      coalesce(a.point_count, 0) IS NOT DISTINCT FROM coalesce(c.point_count, 0)::bigint AS is_equal
    FROM actual a FULL JOIN claimed c USING (stream_id, day)
  ) ${REPORT}`;

export const VERIFY_ROLLUPS = `
  WITH ranges AS (
    SELECT id AS stream_id, $2::timestamptz AS starts, $3::timestamptz AS ends, ${MINUTES_KIND_SQL} AS kind
    FROM stream WHERE user_key = $1
  ), ${daysFromPoints(['heart_rate', 'steps'])}
  , claimed AS (
    SELECT ${DAY_COLUMNS}, archived FROM rollup WHERE user_key = $1
  ), compared AS (
    SELECT jsonb_build_object('stream_id', stream_id, 'local_date', local_date) AS key,
      to_jsonb(d) - '{stream_id,local_date}'::text[] AS expected,
      to_jsonb(c) - '{stream_id,local_date,archived}'::text[] AS stored,
      (d.point_count, d.sum_value, d.min_value, d.max_value, d.first_value, d.first_at, d.last_value, d.last_at,
        d.minute_levels, d.minute_counts) IS NOT DISTINCT FROM (c.point_count, c.sum_value, c.min_value, c.max_value, c.first_value,
        c.first_at, c.last_value, c.last_at, c.minute_levels, c.minute_counts) AS is_equal
    FROM days d FULL JOIN claimed c USING (stream_id, local_date)
    WHERE NOT coalesce(c.archived, false)
  ) ${REPORT}`;

/** Points, and rollups whose points were dropped. */
export const VERIFY_COUNTERS = `
  WITH actual AS (
    SELECT 'points' AS name, (user_key % 32)::smallint AS shard, sum(point_count) AS value FROM stream GROUP BY 2
    UNION ALL
    SELECT 'archived_rollups', (user_key % 32)::smallint, count(*) FROM rollup WHERE archived GROUP BY 2
  ), claimed AS (
    SELECT name, shard, value FROM platform_counter WHERE name IN ('points', 'archived_rollups')
  ), compared AS (
    SELECT jsonb_build_object('name', name, 'shard', shard) AS key, to_jsonb(a.value) AS expected,
      to_jsonb(c.value) AS stored, coalesce(a.value, 0) = coalesce(c.value, 0) AS is_equal
    FROM actual a FULL JOIN claimed c USING (name, shard)
  ) ${REPORT}`;
