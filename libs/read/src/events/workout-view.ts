import { formatZoneOffset, hasPace, type JsonObject } from '#libs/model';
import { type SourceView, sourceView } from '../source/source-view.js';
import { roundHalfEven } from '../summaries/rounding.js';
import type { EventColumns, EventShape } from './event-page.repository.js';

/** A workout as lists show it. Units: s, kcal, m, bpm, s/km; null = not known. */
export interface WorkoutView {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly start_time: string;
  readonly end_time: string;
  readonly zone_offset: string | null;
  readonly duration_seconds: number | null;
  readonly source: SourceView;
  readonly calories_kcal: number | null;
  readonly distance_meters: number | null;
  readonly avg_heart_rate_bpm: number | null;
  readonly max_heart_rate_bpm: number | null;
  readonly avg_pace_sec_per_km: number | null;
  readonly elevation_gain_meters: number | null;
}

/** A single workout: what lists show and everything else that is stored but its track. */
export interface WorkoutDetailView extends WorkoutView {
  readonly min_heart_rate_bpm: number | null;
  readonly steps_count: number | null;
  readonly moving_time_seconds: number | null;
  readonly average_speed_mps: number | null;
  readonly max_speed_mps: number | null;
  readonly average_watts: number | null;
  readonly max_watts: number | null;
  readonly average_cadence: number | null;
  readonly elevation_high_meters: number | null;
  readonly elevation_low_meters: number | null;
  readonly segments: readonly JsonObject[] | null;
  readonly hr_zones: JsonObject | null;
  readonly power_zones: JsonObject | null;
  readonly has_route: boolean;
  readonly has_samples: boolean;
}

export interface WorkoutRow extends EventColumns {
  heart_rate_avg: number | null;
  heart_rate_max: number | null;
  energy_burned: number | null;
  distance: number | null;
  average_speed: number | null;
  total_elevation_gain: number | null;
  /** Of the same source's samples inside the workout; only looked up when the vendor sent no average. */
  sampled_heart_rate: number | null;
}

export interface WorkoutDetailRow extends WorkoutRow {
  heart_rate_min: number | null;
  steps_count: number | null;
  moving_time_seconds: number | null;
  max_speed: number | null;
  average_watts: number | null;
  max_watts: number | null;
  average_cadence: number | null;
  elev_high: number | null;
  elev_low: number | null;
  segments: readonly JsonObject[] | null;
  hr_zones: JsonObject | null;
  power_zones: JsonObject | null;
  has_route: boolean;
  has_samples: boolean;
}

const SAMPLED_HEART_RATE = `
  CASE WHEN w.heart_rate_avg IS NULL THEN (
    SELECT round(sum(v.sum_value) / sum(v.point_count))
    FROM event_vital v
    JOIN stream s ON s.user_key = v.user_key AND s.id = v.stream_id
    WHERE v.user_key = e.user_key AND v.event_id = e.id
      AND s.source_id = e.source_id AND s.series_type = 1 AND NOT s.is_daily_total
  ) END AS sampled_heart_rate`;

export const WORKOUT_SHAPE: EventShape = {
  category: 'workout',
  columns: `w.heart_rate_avg, w.heart_rate_max, w.energy_burned, w.distance, w.average_speed, w.total_elevation_gain,
    ${SAMPLED_HEART_RATE}`,
  joins: 'LEFT JOIN workout_detail w ON w.user_key = e.user_key AND w.event_id = e.id',
};

export const WORKOUT_DETAIL_SHAPE: EventShape = {
  category: 'workout',
  columns: `${WORKOUT_SHAPE.columns}, w.heart_rate_min, w.steps_count, w.moving_time_seconds, w.max_speed,
    w.average_watts, w.max_watts, w.average_cadence, w.elev_high, w.elev_low, w.segments, w.hr_zones, w.power_zones,
    coalesce(jsonb_array_length(t.route) > 1, false) AS has_route,
    coalesce(jsonb_array_length(t.samples) > 0, false) AS has_samples`,
  joins: `${WORKOUT_SHAPE.joins}
    LEFT JOIN workout_track t ON t.user_key = e.user_key AND t.event_id = e.id`,
};

export const workoutView = (row: WorkoutRow): WorkoutView => ({
  id: row.id,
  type: row.type ?? 'unknown',
  name: null,
  start_time: row.started_at,
  end_time: row.ended_at,
  zone_offset: formatZoneOffset(row.zone_offset),
  duration_seconds: row.duration_seconds,
  source: sourceView(row),
  calories_kcal: row.energy_burned || null,
  distance_meters: row.distance || null,
  avg_heart_rate_bpm: row.heart_rate_avg === null ? row.sampled_heart_rate : roundHalfEven(row.heart_rate_avg),
  max_heart_rate_bpm: row.heart_rate_max,
  avg_pace_sec_per_km: averagePace(row),
  elevation_gain_meters: row.total_elevation_gain || null,
});

export const workoutDetailView = (row: WorkoutDetailRow): WorkoutDetailView => ({
  ...workoutView(row),
  min_heart_rate_bpm: row.heart_rate_min,
  steps_count: row.steps_count,
  moving_time_seconds: row.moving_time_seconds,
  average_speed_mps: row.average_speed,
  max_speed_mps: row.max_speed,
  average_watts: row.average_watts,
  max_watts: row.max_watts,
  average_cadence: row.average_cadence,
  elevation_high_meters: row.elev_high,
  elevation_low_meters: row.elev_low,
  segments: row.segments,
  hr_zones: row.hr_zones,
  power_zones: row.power_zones,
  has_route: row.has_route,
  has_samples: row.has_samples,
});

/**
 * Whole seconds per kilometre out of the average speed (1000 / m/s), without one out of duration and distance. Null for
 * types without a pace, at zero speed, and without a distance.
 */
export function averagePace(
  row: Pick<WorkoutRow, 'type' | 'average_speed' | 'duration_seconds' | 'distance'>,
): number | null {
  if (!hasPace(row.type)) return null;
  if (row.average_speed !== null) return row.average_speed > 0 ? Math.trunc(1000 / row.average_speed) : null;
  if (row.duration_seconds === null || row.distance === null || row.distance <= 0) return null;
  return Math.trunc((row.duration_seconds / row.distance) * 1000);
}
