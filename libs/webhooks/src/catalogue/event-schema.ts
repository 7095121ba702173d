import type { JsonObject } from '#libs/model';
import type { EventShape, EventType } from './event-type.js';

const text: JsonObject = { type: 'string' };
const id: JsonObject = { type: 'string', format: 'uuid' };
const time: JsonObject = { type: 'string', format: 'date-time' };
const number: JsonObject = { type: 'number' };
const integer: JsonObject = { type: 'integer' };
const flag: JsonObject = { type: 'boolean' };
const anything: JsonObject = { type: 'object' };
const maybe = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: 'null' }] });

/** All keys present, no others. */
const object = (properties: JsonObject, optional: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});

const source = object({ provider: text, device: maybe(text) });
const zone = maybe({ type: 'string', pattern: '^[+-]\\d{2}:\\d{2}$' });
const run = { user_id: id, provider: text, source: text, run_id: text };
const told = { message: maybe(text), metadata: anything };
const minutes = object({
  awake_minutes: maybe(integer),
  light_minutes: maybe(integer),
  deep_minutes: maybe(integer),
  rem_minutes: maybe(integer),
});

const SHAPES: Readonly<Record<EventShape, JsonObject>> = {
  'connection.created': object({ user_id: id, provider: text, connection_id: id, connected_at: time }),
  'connection.revoked': object({
    user_id: id,
    provider: text,
    connection_id: id,
    reason: { enum: ['refresh_failed', 'deregistration', 'user_disconnected'] },
    revoked_at: time,
  }),
  'sync.started': object({ ...run, ...told }),
  'sync.completed': object({
    ...run,
    status: text,
    message: maybe(text),
    items_processed: maybe(integer),
    metadata: anything,
  }),
  'sync.failed': object({ ...run, error: text, ...told }),
  workout: object({
    id,
    user_id: id,
    type: maybe(text),
    start_time: time,
    end_time: time,
    zone_offset: zone,
    duration_seconds: maybe(integer),
    source,
    calories_kcal: maybe(number),
    distance_meters: maybe(number),
    avg_heart_rate_bpm: maybe(integer),
    max_heart_rate_bpm: maybe(integer),
    avg_pace_sec_per_km: maybe(integer),
    elevation_gain_meters: maybe(number),
  }),
  sleep: object({
    id,
    user_id: id,
    start_time: time,
    end_time: time,
    zone_offset: zone,
    duration_seconds: maybe(integer),
    source,
    efficiency_percent: maybe(number),
    stages: maybe(minutes),
    is_nap: flag,
  }),
  menstrual_cycle: object({
    id,
    user_id: id,
    start_time: time,
    end_time: time,
    zone_offset: zone,
    source,
    current_phase_type: maybe(text),
    day_in_cycle: maybe(integer),
    cycle_length: maybe(integer),
    is_predicted_cycle: maybe(flag),
    pregnancy_snapshot: {},
  }),
  samples: object(
    {
      user_id: id,
      provider: text,
      series_type: text,
      sample_count: integer,
      start_time: time,
      end_time: time,
      samples: {
        type: 'array',
        items: object({
          timestamp: time,
          zone_offset: zone,
          type: text,
          value: number,
          unit: text,
          source,
          is_daily_total: maybe(flag),
        }),
      },
      chunk_index: integer,
      total_chunks: integer,
    },
    ['chunk_index', 'total_chunks'],
  ),
  deleted: object({ id, user_id: id, replaced_by: maybe(id), deleted_at: time }),
  provider_data: object({ user_id: id, provider: text, deleted_at: time }),
  health_score: object({
    id,
    user_id: id,
    provider: text,
    category: text,
    value: maybe(number),
    qualifier: maybe(text),
    recorded_at: time,
    zone_offset: zone,
    components: maybe(anything),
    sleep_id: maybe(id),
  }),
  endpoint: object({ endpoint_id: text, url: text, reason: text, disabled_at: time }),
};

/** JSON schema (draft 2020-12) of a whole payload of this type. */
export function eventSchema({ name, shape }: EventType): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name,
    ...object({ type: { const: name }, data: SHAPES[shape] }),
  };
}
