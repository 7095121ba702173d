import { indexUnique, loadTable, shape, type JsonObject, type JsonValue, type Shape } from '#libs/model';

/** What the data of an event looks like. */
export type EventShape =
  | 'connection.created'
  | 'connection.revoked'
  | 'sync.started'
  | 'sync.completed'
  | 'sync.failed'
  | 'workout'
  | 'sleep'
  | 'menstrual_cycle'
  | 'samples'
  | 'deleted'
  | 'provider_data'
  | 'health_score'
  | 'endpoint';

/** One type of event an endpoint may hear of. */
export interface EventType {
  readonly name: string;
  readonly description: string;
  /** Of an event for a group of series: the events of the series. */
  readonly childEvents: readonly string[] | null;
  readonly shape: EventShape;
  /** Goes to endpoints without a filter; the others only to endpoints that name them. */
  readonly isUsual: boolean;
  /** A whole payload of this type, made up. */
  readonly example: JsonObject;
}

const json: Shape<JsonValue> = (value) => value as JsonValue;
const object: Shape<JsonObject> = (value) => value as JsonObject;

const TABLE = loadTable(
  new URL('../data/webhook-events.json', import.meta.url),
  shape.object({
    note: shape.text,
    count: shape.number,
    series_types_without_event: shape.list(shape.text),
    chunked_example: json,
    events: shape.list(
      shape.object({
        name: shape.text,
        kind: shape.oneOf('connection', 'sync', 'session', 'group', 'series'),
        description: shape.text,
        emitted_when: shape.text,
        series_types: shape.nullable(shape.list(shape.text)),
        group_event: shape.optional(shape.text),
        child_events: shape.nullable(shape.list(shape.text)),
        example: object,
      }),
    ),
  }),
);

const ADDITIONS = loadTable(
  new URL('../data/additional-events.json', import.meta.url),
  shape.list(shape.object({ name: shape.text, shape: shape.text, description: shape.text })),
);

type Row = (typeof TABLE.events)[number];

function shapeOf({ name, kind }: Row): EventShape {
  if (kind === 'group' || kind === 'series') return 'samples';
  return (kind === 'session' ? name.slice(0, name.indexOf('.')) : name) as EventShape;
}

/** The public catalogue, in the order of the wire. */
export const EVENT_TYPES: readonly EventType[] = TABLE.events.map((row) => ({
  name: row.name,
  description: row.description,
  childEvents: row.child_events,
  shape: shapeOf(row),
  isUsual: true,
  example: row.example,
}));

const USER = '7b0f7f0e-5f5b-4c0e-9a55-3f1d2b9a6c11';
const RECORD = 'e6c0b1de-3a52-4a6f-9f9f-0d5a8c3c7712';
const AT = '2026-05-14T08:20:31.104233+00:00';

const ADDED_EXAMPLES: Readonly<Record<string, JsonObject>> = {
  deleted: { id: RECORD, user_id: USER, replaced_by: null, deleted_at: AT },
  provider_data: { user_id: USER, provider: 'polar', deleted_at: AT },
  health_score: {
    id: RECORD,
    user_id: USER,
    provider: 'oura',
    category: 'readiness',
    value: 82,
    qualifier: null,
    recorded_at: '2026-05-14T05:31:00+00:00',
    zone_offset: '+02:00',
    components: { hrv_balance: { value: 74, qualifier: null } },
    sleep_id: null,
  },
  endpoint: {
    endpoint_id: 'ep_2zzzzzzzzzzzzzzzzzzzzzzzzzz',
    url: 'https://example.com/hook',
    reason: 'failing',
    disabled_at: AT,
  },
};

/** Data of the example of the `created` event with the same shape. */
const usualExample = (wanted: string): JsonValue | undefined =>
  EVENT_TYPES.find(({ shape }) => shape === wanted)?.example['data'];

/** Events beyond the public catalogue: off unless an endpoint names them. */
export const ADDITIONAL_EVENT_TYPES: readonly EventType[] = ADDITIONS.map(({ name, shape, description }) => ({
  name,
  description,
  childEvents: null,
  shape: shape as EventShape,
  isUsual: false,
  example: { type: name, data: ADDED_EXAMPLES[shape] ?? usualExample(shape) ?? {} },
}));

const byName = indexUnique([...EVENT_TYPES, ...ADDITIONAL_EVENT_TYPES], ({ name }) => name);

export const eventType = (name: string): EventType | undefined => byName.get(name);

/** How many types there are, additions included: the longest filter that makes sense. */
export const EVENT_TYPE_COUNT = byName.size;

const groupOfSeries = new Map(
  TABLE.events.flatMap(({ name, kind, series_types: series }) =>
    kind === 'group' ? (series ?? []).map((code) => [code, name] as const) : [],
  ),
);

/** The two events about samples of a series: the group's and its own; none for six series. */
export function eventsOfSeries(series: string): readonly string[] {
  const group = groupOfSeries.get(series);
  return group === undefined ? [] : [group, `series.${series}.created`];
}
