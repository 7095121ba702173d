import type { Sql } from '#libs/database';
import { formatZoneOffset, SERIES_TYPES, type JsonObject } from '#libs/model';

export interface StoredAccount {
  readonly series: readonly JsonObject[];
  readonly events: readonly JsonObject[];
  readonly scores: readonly JsonObject[];
  readonly data_sources: readonly JsonObject[];
}

const POINTS = `
  SELECT s.series_type, p.recorded_at, p.value, p.zone_offset, s.is_daily_total, d.source, d.device_model
  FROM point p JOIN stream s ON s.user_key = p.user_key AND s.id = p.stream_id
  JOIN data_source d ON d.id = s.source_id WHERE p.user_key = $1`;

const EVENTS = `
  SELECT e.category, e.type, e.source_name, e.external_id, e.started_at, e.ended_at, e.duration_seconds, e.zone_offset,
    d.source, d.device_model, to_jsonb(w) AS workout, to_jsonb(l) AS sleep
  FROM event e JOIN data_source d ON d.id = e.source_id
  LEFT JOIN workout_detail w ON w.user_key = e.user_key AND w.event_id = e.id
  LEFT JOIN sleep_detail l ON l.user_key = e.user_key AND l.event_id = e.id
  WHERE e.user_key = $1`;

const SCORES = `
  SELECT h.provider, h.category, h.value, h.qualifier, h.recorded_at, h.zone_offset, h.components,
    e.started_at = h.recorded_at AS linked_sleep
  FROM health_score h LEFT JOIN event e ON e.user_key = h.user_key AND e.id = h.event_id AND e.category = 'sleep'
  WHERE h.user_key = $1 AND h.provider <> 'internal'`;

const SOURCES = `
  SELECT provider, source, device_model, device_type, software_version FROM data_source d WHERE user_key = $1 AND (
    EXISTS (SELECT FROM event e WHERE e.user_key = $1 AND e.source_id = d.id)
    OR EXISTS (SELECT FROM stream s JOIN point p ON p.user_key = s.user_key AND p.stream_id = s.id
      WHERE s.user_key = $1 AND s.source_id = d.id))`;

/** The sleep detail under the names of the wire. */
const SLEEP_NAMES: Readonly<Record<string, string>> = {
  total_minutes: 'sleep_total_duration_minutes',
  time_in_bed_minutes: 'sleep_time_in_bed_minutes',
  efficiency_percent: 'sleep_efficiency_score',
  deep_minutes: 'sleep_deep_minutes',
  rem_minutes: 'sleep_rem_minutes',
  light_minutes: 'sleep_light_minutes',
  awake_minutes: 'sleep_awake_minutes',
  stages: 'sleep_stages',
};

const CODES = new Map(SERIES_TYPES.map(({ id, code }) => [id, code]));

type Row = JsonObject & { readonly zone_offset: number | null };

/** All health data of a user, in the words of the samples. */
export async function storedAccount(db: Sql, userKey: number): Promise<StoredAccount> {
  const [points, events, scores, sources] = await Promise.all([
    db.query<Row>(POINTS, [userKey]),
    db.query<Row>(EVENTS, [userKey]),
    db.query<Row>(SCORES, [userKey]),
    db.query<JsonObject>(SOURCES, [userKey]),
  ]);
  return {
    series: points.map(({ series_type, ...row }) => ({
      type: CODES.get(series_type as number) ?? null,
      ...withZone(row as Row),
    })),
    events: events.map((row) => eventOf(withZone(row))),
    scores: scores.map((row) => withZone(row)),
    data_sources: sources,
  };
}

const withZone = <T extends Row>(row: T): JsonObject => ({ ...row, zone_offset: formatZoneOffset(row.zone_offset) });

function eventOf({ started_at, ended_at, workout, sleep, ...row }: JsonObject): JsonObject {
  return {
    ...row,
    start_datetime: started_at ?? null,
    end_datetime: ended_at ?? null,
    detail: detailOf((workout ?? sleep ?? null) as JsonObject | null),
  };
}

function detailOf(detail: JsonObject | null): JsonObject | null {
  if (detail === null) return null;
  const shown = Object.entries(detail).filter(([name, value]) => value !== null && !KEYS.has(name));
  return Object.fromEntries(shown.map(([name, value]) => [SLEEP_NAMES[name] ?? name, value]));
}

const KEYS = new Set(['user_key', 'event_id']);
