import { seriesTypeByCode } from '#libs/model';

const HEART_RATE = seriesTypeByCode('heart_rate')!.id;
const STEPS = seriesTypeByCode('steps')!.id;

/** How the minutes of a stream's days are described; null where they are not. */
export type MinutesKind = 'steps' | 'heart_rate' | null;

/** Only intraday steps and heart rate say something per minute. */
export function minutesKind(seriesType: number, isDailyTotal: boolean): MinutesKind {
  if (isDailyTotal) return null;
  if (seriesType === STEPS) return 'steps';
  return seriesType === HEART_RATE ? 'heart_rate' : null;
}

/** The same decision over the columns of a stream. */
export const MINUTES_KIND_SQL = `CASE WHEN is_daily_total THEN NULL
  WHEN series_type = ${STEPS} THEN 'steps' WHEN series_type = ${HEART_RATE} THEN 'heart_rate' END`;

const ACTIVE_STEPS_PER_MINUTE = 30;
const MOST_MINUTES_OF_A_SAMPLE = 60;

/** Points of user $1 in one of the `ranges`; $2 and $3 lie around all ranges and tell which partitions to look at. */
const POINTS_IN_RANGE = `
  FROM point p
  WHERE p.user_key = $1 AND p.stream_id = r.stream_id AND p.recorded_at >= r.starts AND p.recorded_at < r.ends
    AND p.recorded_at >= $2::timestamptz AND p.recorded_at < $3::timestamptz`;

const localTime = (instant: string, zone: string): string => `${instant} + coalesce(${zone}, 0) * interval '1 minute'`;
const dateOf = (localTime: string): string => `((${localTime}) AT TIME ZONE 'UTC')::date`;
const minuteOf = (instant: string): string => `date_bin('1 minute', ${instant}, 'epoch')`;

/**
 * Points come together by local day, those of heart rate by minute and offset first. Sums are added up as whole
 * millionths, so that the order of points cannot show in them.
 */
const PER_DAY = `
  per_slot AS MATERIALIZED (
    SELECT r.stream_id, r.kind, ${dateOf('s.local_slot')} AS local_date, s.*
    FROM ranges r CROSS JOIN LATERAL (
      SELECT date_bin(CASE r.kind WHEN 'heart_rate' THEN interval '1 minute' ELSE interval '1 day' END,
          ${localTime('p.recorded_at', 'p.zone_offset')}, 'epoch') AS local_slot,
        CASE r.kind WHEN 'heart_rate' THEN coalesce(p.zone_offset, 0) END AS zone,
        count(*) AS points, sum((p.value * 1000000)::bigint) AS millionths, min(p.value) AS least,
        max(p.value) AS greatest, min(p.recorded_at) AS first_at, max(p.recorded_at) AS last_at
      ${POINTS_IN_RANGE}
      GROUP BY 1, 2
    ) s
  ), per_day AS (
    SELECT stream_id, kind, local_date, sum(points) AS points, sum(millionths) AS millionths, min(least) AS least,
      max(greatest) AS greatest, min(first_at) AS first_at, max(last_at) AS last_at
    FROM per_slot
    GROUP BY stream_id, kind, local_date
  )`;

/** A cumulative histogram of the averages per minute: level 2 x whole part, plus one for any fraction. */
const HEART_RATE_MINUTES = `
  heart_rate_minutes AS (
    SELECT stream_id, local_date, array_agg(level ORDER BY level) AS levels, array_agg(up_to ORDER BY level) AS counts
    FROM (
      SELECT stream_id, local_date, level,
        (sum(count(*)) OVER (PARTITION BY stream_id, local_date ORDER BY level))::smallint AS up_to
      FROM (
        SELECT stream_id, local_date,
          least(greatest(2 * floor(average) + (average <> floor(average))::integer, -32768), 32767)::smallint AS level
        FROM (
          SELECT stream_id, local_date, sum(millionths) / (sum(points) * 1000000) AS average
          FROM per_slot WHERE kind = 'heart_rate'
          GROUP BY stream_id, local_date, local_slot - zone * interval '1 minute'
        ) averages
      ) levels
      GROUP BY stream_id, local_date, level
    ) histogram
    GROUP BY stream_id, local_date
  )`;

const STEP_LEVELS = `'{0,1}'::smallint[]`;
const NO_MINUTES = `'{0,0}'::smallint[]`;

/** Minutes with any steps and minutes with many; a sample's steps are shared by the minutes it touches. */
const STEP_MINUTES = `
  step_minutes AS (
    SELECT stream_id, local_date,
      ARRAY[count(*) FILTER (WHERE steps < ${ACTIVE_STEPS_PER_MINUTE}), count(*)]::smallint[] AS counts
    FROM (
      SELECT stream_id, local_date, first_minute + step * interval '1 minute' AS minute,
        round(sum(value / touched)::numeric, 6) AS steps
      FROM ranges r CROSS JOIN LATERAL (
        SELECT ${dateOf(localTime('p.recorded_at', 'p.zone_offset'))} AS local_date, p.value,
          ${minuteOf('p.recorded_at')} AS first_minute,
          coalesce(extract(epoch FROM ${minuteOf(`p.ended_at - interval '1 microsecond'`)}
            - ${minuteOf('p.recorded_at')})::integer / 60 + 1, 1) AS touched
        ${POINTS_IN_RANGE}
          AND (p.ended_at IS NULL OR p.ended_at <= p.recorded_at + interval '${MOST_MINUTES_OF_A_SAMPLE} minutes')
        -- Keeps the planner from looking at the points of other streams.
        OFFSET 0
      ) samples CROSS JOIN LATERAL generate_series(0, touched - 1) AS step
      WHERE r.kind = 'steps' AND touched <= ${MOST_MINUTES_OF_A_SAMPLE}
      GROUP BY 1, 2, 3
    ) spread
    GROUP BY stream_id, local_date
  )`;

const VALUES_AT_ENDS = `ARRAY(
  SELECT p.value FROM point p
  WHERE p.user_key = $1 AND p.stream_id = d.stream_id AND p.recorded_at IN (d.first_at, d.last_at)
    AND p.recorded_at >= $2::timestamptz AND p.recorded_at < $3::timestamptz
  ORDER BY p.recorded_at)`;

/**
 * CTEs that end in `days`: the rollups, computed from points, of the local dates that `ranges (stream_id, starts, ends,
 * kind)` cover. Dates at the ends of a range may be incomplete. What no range is of a kind for is left out, because
 * every mention of the partitioned table costs planning time.
 */
export function daysFromPoints(kinds: Iterable<MinutesKind>): string {
  const present = new Set(kinds);
  const ctes = [PER_DAY];
  const joins: string[] = [];
  const levels = ['NULL::smallint[]'];
  const counts = ['NULL::smallint[]'];
  if (present.has('heart_rate')) {
    ctes.push(HEART_RATE_MINUTES);
    joins.push('LEFT JOIN heart_rate_minutes h USING (stream_id, local_date)');
    levels.push('h.levels');
    counts.push('h.counts');
  }
  if (present.has('steps')) {
    ctes.push(STEP_MINUTES);
    joins.push('LEFT JOIN step_minutes s USING (stream_id, local_date)');
    levels.push(`CASE WHEN d.kind = 'steps' THEN ${STEP_LEVELS} END`);
    counts.push('s.counts', `CASE WHEN d.kind = 'steps' THEN ${NO_MINUTES} END`);
  }
  return `${ctes.join(',')}, days AS (
    SELECT stream_id, local_date, d.points::integer AS point_count,
      trim_scale(d.millionths * 0.000001) AS sum_value, d.least AS min_value, d.greatest AS max_value,
      d.ends[1] AS first_value, d.first_at, d.ends[cardinality(d.ends)] AS last_value, d.last_at,
      coalesce(${levels.join(', ')}) AS minute_levels, coalesce(${counts.join(', ')}) AS minute_counts
    FROM (SELECT d.*, ${VALUES_AT_ENDS} AS ends FROM per_day d) d ${joins.join(' ')}
  )`;
}

/** The columns of `days`, in order. */
export const DAY_COLUMNS = `stream_id, local_date, point_count, sum_value, min_value, max_value, first_value, first_at,
  last_value, last_at, minute_levels, minute_counts`;
