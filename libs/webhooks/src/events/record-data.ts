import { formatZoneOffset, type JsonObject, type JsonValue } from '#libs/model';
import type { EventRecord, ScoreRecord } from './records.reader.js';
import { wireTime } from './wire-time.js';

/** Payload data of a workout, sleep session or menstrual cycle, keys in the order of the wire. */
export function recordData(userId: string, record: EventRecord): JsonObject {
  if (record.category === 'workout') return workoutData(userId, record);
  return record.category === 'sleep' ? sleepData(userId, record) : cycleData(userId, record);
}

const whole = (value: number | null): number | null => (value === null ? null : Math.trunc(value));
const times = (record: EventRecord) => ({
  start_time: wireTime(record.started_at),
  end_time: wireTime(record.ended_at),
  zone_offset: formatZoneOffset(record.zone_offset),
});
const source = (record: EventRecord) => ({ provider: record.provider, device: record.device_model });

const workoutData = (userId: string, record: EventRecord): JsonObject => ({
  id: record.id,
  user_id: userId,
  type: record.type,
  ...times(record),
  duration_seconds: record.duration_seconds,
  source: source(record),
  calories_kcal: record.energy_burned,
  distance_meters: record.distance,
  avg_heart_rate_bpm: whole(record.heart_rate_avg),
  max_heart_rate_bpm: whole(record.heart_rate_max),
  avg_pace_sec_per_km: pace(record.average_speed),
  elevation_gain_meters: record.total_elevation_gain,
});

const pace = (metersPerSecond: number | null): number | null =>
  metersPerSecond !== null && metersPerSecond > 0 ? Math.trunc(1000 / metersPerSecond) : null;

const sleepData = (userId: string, record: EventRecord): JsonObject => ({
  id: record.id,
  user_id: userId,
  ...times(record),
  duration_seconds: record.duration_seconds,
  source: source(record),
  efficiency_percent: record.efficiency_percent,
  stages: stages(record),
  is_nap: record.is_nap ?? false,
});

function stages({ awake_minutes, light_minutes, deep_minutes, rem_minutes }: EventRecord): JsonObject | null {
  const minutes = { awake_minutes, light_minutes, deep_minutes, rem_minutes };
  return Object.values(minutes).every((value) => value === null || value === 0) ? null : minutes;
}

function cycleData(userId: string, record: EventRecord): JsonObject {
  const { detail } = record;
  const of = (name: string): JsonValue => detail?.[name] ?? null;
  const number = (name: string): number | null => (typeof of(name) === 'number' ? whole(of(name) as number) : null);
  return {
    id: record.id,
    user_id: userId,
    ...times(record),
    source: source(record),
    current_phase_type: typeof of('current_phase_type') === 'string' ? of('current_phase_type') : null,
    day_in_cycle: number('day_in_cycle'),
    cycle_length: number('cycle_length'),
    is_predicted_cycle: typeof of('is_predicted_cycle') === 'boolean' ? of('is_predicted_cycle') : null,
    pregnancy_snapshot: of('pregnancy_snapshot'),
  };
}

/** Payload data of a health score. */
export const scoreData = (userId: string, score: ScoreRecord): JsonObject => ({
  id: score.id,
  user_id: userId,
  provider: score.provider,
  category: score.category,
  value: score.value,
  qualifier: score.qualifier,
  recorded_at: wireTime(score.recorded_at),
  zone_offset: formatZoneOffset(score.zone_offset),
  components: score.components,
  sleep_id: score.event_id,
});
