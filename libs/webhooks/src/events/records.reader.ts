import type { Sql } from '#libs/database';
import type { JsonObject } from '#libs/model';

/** A stored workout, sleep session or menstrual cycle with what its payload needs. */
export interface EventRecord {
  readonly user_key: number;
  readonly id: string;
  readonly category: string;
  readonly type: string | null;
  readonly started_at: string;
  readonly ended_at: string;
  readonly zone_offset: number | null;
  readonly duration_seconds: number | null;
  readonly provider: string;
  readonly device_model: string | null;
  readonly heart_rate_avg: number | null;
  readonly heart_rate_max: number | null;
  readonly energy_burned: number | null;
  readonly distance: number | null;
  readonly average_speed: number | null;
  readonly total_elevation_gain: number | null;
  readonly efficiency_percent: number | null;
  readonly awake_minutes: number | null;
  readonly light_minutes: number | null;
  readonly deep_minutes: number | null;
  readonly rem_minutes: number | null;
  readonly is_nap: boolean | null;
  readonly detail: JsonObject | null;
}

export interface ScoreRecord {
  readonly user_key: number;
  readonly id: string;
  readonly provider: string;
  readonly category: string;
  readonly value: number | null;
  readonly qualifier: string | null;
  readonly recorded_at: string;
  readonly zone_offset: number | null;
  readonly components: JsonObject | null;
  readonly event_id: string | null;
}

export interface RecordKey {
  readonly userKey: number;
  readonly id: string;
}

/** Events by id; what was deleted since is missing. */
export async function readEvents(sql: Sql, keys: readonly RecordKey[]): Promise<ReadonlyMap<string, EventRecord>> {
  if (keys.length === 0) return new Map();
  const rows = await sql.query<EventRecord & Record<string, unknown>>(
    `SELECT e.user_key, e.id, e.category, e.type, e.started_at, e.ended_at, e.zone_offset, e.duration_seconds,
       d.provider, d.device_model,
       w.heart_rate_avg, w.heart_rate_max, w.energy_burned, w.distance, w.average_speed, w.total_elevation_gain,
       s.efficiency_percent, s.awake_minutes, s.light_minutes, s.deep_minutes, s.rem_minutes, s.is_nap, c.detail
     FROM (SELECT DISTINCT * FROM unnest($1::integer[], $2::uuid[]) AS k (user_key, id)) AS k
     JOIN event e ON e.user_key = k.user_key AND e.id = k.id
     JOIN data_source d ON d.user_key = e.user_key AND d.id = e.source_id
     LEFT JOIN workout_detail w ON w.user_key = e.user_key AND w.event_id = e.id
     LEFT JOIN sleep_detail s ON s.user_key = e.user_key AND s.event_id = e.id
     LEFT JOIN menstrual_cycle_detail c ON c.user_key = e.user_key AND c.event_id = e.id`,
    [keys.map(({ userKey }) => userKey), keys.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Scores by id; what was deleted since is missing. */
export async function readScores(sql: Sql, keys: readonly RecordKey[]): Promise<ReadonlyMap<string, ScoreRecord>> {
  if (keys.length === 0) return new Map();
  const rows = await sql.query<ScoreRecord & Record<string, unknown>>(
    `SELECT s.user_key, s.id, s.provider, s.category, s.value, s.qualifier, s.recorded_at, s.zone_offset, s.components,
       s.event_id
     FROM (SELECT DISTINCT * FROM unnest($1::integer[], $2::uuid[]) AS k (user_key, id)) AS k
     JOIN health_score s ON s.user_key = k.user_key AND s.id = k.id`,
    [keys.map(({ userKey }) => userKey), keys.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
