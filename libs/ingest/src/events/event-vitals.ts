import { plannedOnce, type Sql, type UserRef } from '#libs/database';
import { formatInstant, seriesTypeId } from '#libs/model';
import type { TouchedEvent, TouchedStream } from '../write-context.js';

const HEART_RATE = seriesTypeId('heart_rate');
/** Series whose samples inside a night are its vitals. */
const NIGHT_VITALS: readonly number[] = [
  HEART_RATE,
  seriesTypeId('heart_rate_variability_sdnn'),
  seriesTypeId('heart_rate_variability_rmssd'),
  seriesTypeId('respiratory_rate'),
  seriesTypeId('oxygen_saturation'),
];

/** No event is longer, so a search by start time never has to look further back. */
const LONGEST_EVENT_DAYS = 31;

/**
 * Keeps the number and sum of samples inside events: of sleep the vitals of all the user's sources, of workouts the
 * heart rate of the same source. Counts again what an event or stream that was touched may have changed, and nothing
 * else. Where points of a day inside the window were dropped, what is stored stays.
 */
export async function refreshEventVitals(
  sql: Sql,
  user: UserRef,
  touchedEvents: readonly TouchedEvent[],
  touchedStreams: readonly TouchedStream[],
): Promise<void> {
  const events = touchedEvents.filter(({ category }) => category === 'sleep' || category === 'workout');
  const streams = touchedStreams.filter(({ seriesType }) => NIGHT_VITALS.includes(seriesType));
  if (events.length === 0 && streams.length === 0) return;
  await sql.query(REFRESH, [
    user.key,
    events.map(({ id }) => id),
    streams.map(({ streamId }) => streamId),
    streams.map(({ from }) => formatInstant(from)),
    streams.map(({ to }) => formatInstant(to)),
    NIGHT_VITALS,
    HEART_RATE,
    LONGEST_EVENT_DAYS,
  ]);
}

/** A stream belongs to an event `e`: any vital to a night, heart rate of the same source to a workout. */
const BELONGS = `NOT s.is_daily_total AND s.series_type = ANY ($6::smallint[])
  AND (e.category = 'sleep' OR (e.category = 'workout' AND s.series_type = $7 AND s.source_id = e.source_id))`;

/** Touched events with what lies in them now, with what lay in them before, and touched streams with their events. */
const REFRESH = plannedOnce(`
  WITH pairs AS MATERIALIZED (
    SELECT e.id AS event_id, e.started_at, e.ended_at, s.id AS stream_id, s.zone_min, s.zone_max
    FROM unnest($2::uuid[]) AS t (id)
    JOIN event e ON e.user_key = $1 AND e.id = t.id
    JOIN stream s ON s.user_key = $1 AND ${BELONGS}
    WHERE s.first_at < e.ended_at AND s.last_at >= e.started_at
    UNION
    SELECT e.id, e.started_at, e.ended_at, s.id, s.zone_min, s.zone_max
    FROM unnest($2::uuid[]) AS t (id)
    JOIN event e ON e.user_key = $1 AND e.id = t.id
    JOIN event_vital v ON v.user_key = $1 AND v.event_id = e.id
    JOIN stream s ON s.user_key = $1 AND s.id = v.stream_id
    UNION
    SELECT e.id, e.started_at, e.ended_at, s.id, s.zone_min, s.zone_max
    FROM unnest($3::integer[], $4::timestamptz[], $5::timestamptz[]) AS t (stream_id, from_at, to_at)
    JOIN stream s ON s.user_key = $1 AND s.id = t.stream_id
    JOIN event e ON e.user_key = $1 AND e.category IN ('sleep', 'workout')
      AND e.started_at > t.from_at - $8 * interval '1 day' AND e.started_at <= t.to_at AND e.ended_at > t.from_at
      AND ${BELONGS}
  ),
  sums AS MATERIALIZED (
    SELECT p.event_id, p.stream_id, inside.point_count, inside.sum_value
    FROM pairs p
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS point_count, coalesce(sum(value::numeric), 0) AS sum_value
      FROM point
      WHERE user_key = $1 AND stream_id = p.stream_id
        AND recorded_at >= p.started_at AND recorded_at < p.ended_at
    ) AS inside
    LEFT JOIN LATERAL (
      SELECT r.local_date
      FROM rollup r
      WHERE r.user_key = $1 AND r.stream_id = p.stream_id AND r.archived
        AND r.local_date BETWEEN ((p.started_at + p.zone_min * interval '1 minute') AT TIME ZONE 'UTC')::date
          AND ((p.ended_at + p.zone_max * interval '1 minute') AT TIME ZONE 'UTC')::date
      LIMIT 1
    ) AS dropped ON true
    WHERE dropped.local_date IS NULL
  ),
  emptied AS (
    DELETE FROM event_vital v USING sums
    WHERE sums.point_count = 0 AND v.user_key = $1 AND v.event_id = sums.event_id AND v.stream_id = sums.stream_id
  )
  INSERT INTO event_vital AS v (user_key, event_id, stream_id, point_count, sum_value)
  SELECT $1, event_id, stream_id, point_count, sum_value FROM sums WHERE point_count > 0
  ON CONFLICT (user_key, event_id, stream_id) DO UPDATE
    SET point_count = excluded.point_count, sum_value = excluded.sum_value
  WHERE (v.point_count, v.sum_value) IS DISTINCT FROM (excluded.point_count, excluded.sum_value)`);
