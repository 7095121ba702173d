import { seriesTypeByCode } from '#libs/model';
import { rankedSources } from '../source-ranking.js';
import { inSpan, spanOf } from './date-span.js';

/** Series an activity day is made of, summed per day; each has a daily total and an intraday column. */
export const SUMMED_SERIES = {
  steps: 'steps',
  activeEnergy: 'energy',
  basalEnergy: 'basal_energy',
  distance: 'distance_walking_running',
  flights: 'flights_climbed',
  activeTime: 'active_time',
} as const;

export type SummedMetric = keyof typeof SUMMED_SERIES;

const idOf = (code: string): number => {
  const series = seriesTypeByCode(code);
  if (!series) throw new Error(`series type ${code} is missing`);
  return series.id;
};

const HEART_RATE = idOf('heart_rate');
const STEPS = idOf('steps');
const ACTIVITY_SERIES = [...Object.values(SUMMED_SERIES).map(idOf), HEART_RATE];

const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const summedColumns = Object.entries(SUMMED_SERIES).flatMap(([metric, code]) => [
  `max(r.sum_value) FILTER (WHERE s.series_type = ${idOf(code)} AND s.is_daily_total) AS ${column(metric)}_day`,
  `max(r.sum_value) FILTER (WHERE s.series_type = ${idOf(code)} AND NOT s.is_daily_total) AS ${column(metric)}_parts`,
]);

/** How many minutes of a day lie at or below a level; null where the day has no minutes. */
const minutesUpTo = (level: string): string =>
  `CASE WHEN r.minute_levels IS NOT NULL
               THEN coalesce(r.minute_counts[width_bucket(${level}::smallint, r.minute_levels)], 0) END`;

/**
 * One row per local date and source that has activity data, best source first within a date, in one span of dates: every
 * stream is asked for its nearest date, then for a plain range of them.
 *
 * Parameters: $1 user key, $2 user id, $3 first date, $4 date after the last, $5 days of the span, $6 to $8 ends of the
 * heart rate zones (`ZoneEnds`).
 */
export const activityDaysSql = (direction: 'ASC' | 'DESC'): string => `
  WITH ${rankedSources('$1', '$2')},
  streams AS MATERIALIZED (
    SELECT st.id, st.series_type, st.is_daily_total, st.source_id
    FROM stream st
    WHERE st.user_key = $1 AND st.series_type = ANY ('{${ACTIVITY_SERIES.join(',')}}'::smallint[])
  ),
  span AS MATERIALIZED (
    SELECT ${spanOf(direction, 'd.local_date')}
    FROM streams s CROSS JOIN LATERAL (
      SELECT r.local_date
      FROM rollup r
      WHERE r.user_key = $1 AND r.stream_id = s.id AND r.local_date >= $3 AND r.local_date < $4
      ORDER BY r.local_date ${direction}
      LIMIT 1
    ) d
  ),
  days AS (
    SELECT r.local_date, s.source_id,
           ${summedColumns.join(',\n           ')},
           max(r.tracked) FILTER (WHERE s.series_type = ${STEPS}) AS tracked_minutes,
           max(r.tracked - r.up_to_quiet) FILTER (WHERE s.series_type = ${STEPS}) AS active_minutes,
           sum(r.sum_value) FILTER (WHERE s.series_type = ${HEART_RATE})
             / sum(r.point_count) FILTER (WHERE s.series_type = ${HEART_RATE}) AS heart_rate_avg,
           max(r.max_value) FILTER (WHERE s.series_type = ${HEART_RATE}) AS heart_rate_max,
           min(r.min_value) FILTER (WHERE s.series_type = ${HEART_RATE}) AS heart_rate_min,
           max(r.up_to_light - r.up_to_rest) FILTER (WHERE s.series_type = ${HEART_RATE}) AS light_minutes,
           max(r.up_to_moderate - r.up_to_light) FILTER (WHERE s.series_type = ${HEART_RATE}) AS moderate_minutes,
           max(r.tracked - r.up_to_moderate) FILTER (WHERE s.series_type = ${HEART_RATE}) AS vigorous_minutes
    FROM streams s CROSS JOIN LATERAL (
      SELECT r.local_date, r.point_count, r.sum_value, r.min_value, r.max_value,
             r.minute_counts[cardinality(r.minute_counts)] AS tracked,
             ${minutesUpTo('0')} AS up_to_quiet,
             ${minutesUpTo('$6')} AS up_to_rest,
             ${minutesUpTo('$7')} AS up_to_light,
             ${minutesUpTo('$8')} AS up_to_moderate
      FROM rollup r
      WHERE r.user_key = $1 AND r.stream_id = s.id AND ${inSpan('r.local_date')}
      OFFSET 0
    ) r
    GROUP BY r.local_date, s.source_id
  )
  SELECT days.*, k.provider, k.source, k.device_model, k.device_type, k.position, k.own_rank, k.provider_rank, k.device_rank
  FROM days JOIN ranked k USING (source_id)
  ORDER BY days.local_date ${direction}, k.position`;

/**
 * Climbed meters of workouts per local date of their end and source, best source first within a date. A source may have
 * workouts on a day without any other activity data. Added up as exact decimals, so that the order of the workouts
 * cannot show in them.
 *
 * Parameters: $1 user key, $2 user id, $3 first date, $4 last date (inclusive).
 */
export const WORKOUT_ELEVATION_SQL = `
  WITH ${rankedSources('$1', '$2')},
  climbs AS (
    SELECT e.local_date, e.source_id, sum(d.total_elevation_gain::numeric) AS elevation
    FROM event e
    CROSS JOIN LATERAL (
      SELECT w.total_elevation_gain FROM workout_detail w WHERE w.user_key = $1 AND w.event_id = e.id OFFSET 0
    ) d
    WHERE e.user_key = $1 AND e.category = 'workout' AND e.local_date >= $3 AND e.local_date <= $4
      AND d.total_elevation_gain IS NOT NULL
    GROUP BY e.local_date, e.source_id
  )
  SELECT climbs.*, k.provider, k.source, k.device_model, k.device_type, k.position, k.own_rank, k.provider_rank,
         k.device_rank
  FROM climbs JOIN ranked k USING (source_id)
  ORDER BY climbs.local_date, k.position`;
