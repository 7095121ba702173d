import { seriesTypeId } from '#libs/model';
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

const HEART_RATE = seriesTypeId('heart_rate');
const STEPS = seriesTypeId('steps');
/** Ids of all series that make a day of activity. */
export const ACTIVITY_SERIES = [...Object.values(SUMMED_SERIES).map(seriesTypeId), HEART_RATE];

/** Which summed metric a series type is. */
export const SERIES_METRICS: ReadonlyMap<number, SummedMetric> = new Map(
  Object.entries(SUMMED_SERIES).map(([metric, code]) => [seriesTypeId(code), metric as SummedMetric]),
);

const IS_PULSE = `s.series_type = ${HEART_RATE}`;
const HAS_STEP_MINUTES = `(s.series_type = ${STEPS} AND NOT s.is_daily_total)`;

/** How many minutes of a day lie at or below a level. */
const minutesUpTo = (level: string): string =>
  `coalesce(r.minute_counts[width_bucket(${level}::smallint, r.minute_levels)], 0)`;
const TRACKED = 'coalesce(r.minute_counts[cardinality(r.minute_counts)], 0)';

const FIGURES = ['counts', 'least', 'greatest', 'tracked', 'low', 'up_to_light', 'up_to_moderate'] as const;

/** The lists of a stream of one kind; those that it does not have are null. */
const listsWhere = (condition: string, figures: Partial<Record<(typeof FIGURES)[number], string>>): string => `
    SELECT array_agg(r.local_date - date '1970-01-01')::text AS days, array_agg(r.sum_value)::text AS sums,
           ${FIGURES.map((name) => `${figures[name] ? `array_agg(${figures[name]})::text` : 'NULL::text'} AS ${name}`).join(',\n           ')}
    FROM rollup r
    WHERE ${condition} AND r.user_key = $1 AND r.stream_id = s.id AND ${inSpan('r.local_date')}
    HAVING count(*) > 0`;

/**
 * The activity figures of each stream (`StreamFigures`) in one span of dates: every stream is asked for its nearest date,
 * then for a plain range of them. Lists go over the wire in a fraction of the time that rows take.
 *
 * Parameters: $1 user key, $2 series types, $3 first date, $4 date after the last, $5 days of the span, $6 to $8 ends of
 * the heart rate zones (`ZoneEnds`).
 */
export const activityFiguresSql = (direction: 'ASC' | 'DESC'): string => `
  WITH streams AS MATERIALIZED (
    SELECT st.id, st.series_type, st.is_daily_total, st.source_id
    FROM stream st
    WHERE st.user_key = $1 AND st.series_type = ANY ($2::smallint[])
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
  )
  SELECT s.source_id, s.series_type, s.is_daily_total, f.*
  FROM streams s CROSS JOIN LATERAL (
    ${listsWhere(`NOT (${IS_PULSE} OR ${HAS_STEP_MINUTES})`, {})}
    UNION ALL
    ${listsWhere(HAS_STEP_MINUTES, { tracked: TRACKED, low: minutesUpTo('0') })}
    UNION ALL
    ${listsWhere(IS_PULSE, {
      counts: 'r.point_count',
      least: 'r.min_value',
      greatest: 'r.max_value',
      tracked: TRACKED,
      low: minutesUpTo('$6'),
      up_to_light: minutesUpTo('$7'),
      up_to_moderate: minutesUpTo('$8'),
    })}
  ) f`;

/**
 * Climbed meters of workouts per local date of their end and source. A source may have workouts on a day without any
 * other activity data. Added up as exact decimals, so that the order of the workouts cannot show in them.
 *
 * Parameters: $1 user key, $2 first date, $3 last date (inclusive).
 */
export const WORKOUT_ELEVATION_SQL = `
  SELECT e.local_date, e.source_id, sum(d.total_elevation_gain::numeric) AS elevation
  FROM event e
  CROSS JOIN LATERAL (
    SELECT w.total_elevation_gain FROM workout_detail w WHERE w.user_key = $1 AND w.event_id = e.id OFFSET 0
  ) d
  WHERE e.user_key = $1 AND e.category = 'workout' AND e.local_date >= $2 AND e.local_date <= $3
    AND d.total_elevation_gain IS NOT NULL
  GROUP BY e.local_date, e.source_id
  ORDER BY e.local_date`;
