import type { JsonObject, JsonValue } from '#libs/model';
import type { EventDraft } from './event-draft.js';
import { eventId } from './event-draft.js';
import type { OutboxRow } from './outbox-row.js';
import { wireTime } from './wire-time.js';

/** How a fact that stands in its row whole is told: its data in the order of the wire, and what its id is made of. */
type Fact = (told: Told) => { readonly data: JsonObject; readonly id: readonly string[] };

interface Told {
  readonly userId: string;
  /** A field of the row, by its wire name; stored in snake or camel case. */
  readonly of: (name: string) => JsonValue;
  readonly text: (name: string) => string;
  readonly time: (name: string) => string;
}

const run = ({ userId, text }: Told) => ({
  user_id: userId,
  provider: text('provider'),
  source: text('source'),
  run_id: text('run_id'),
});

const FACTS: Readonly<Record<string, Fact>> = {
  'connection.created': ({ userId, text, time }) => ({
    data: {
      user_id: userId,
      provider: text('provider'),
      connection_id: text('connection_id'),
      connected_at: time('connected_at'),
    },
    id: [userId, text('provider'), time('connected_at')],
  }),
  'connection.revoked': ({ userId, text, time }) => ({
    data: {
      user_id: userId,
      provider: text('provider'),
      connection_id: text('connection_id'),
      reason: text('reason'),
      revoked_at: time('revoked_at'),
    },
    id: [userId, text('provider'), time('revoked_at')],
  }),
  'sync.started': (told) => ({
    data: { ...run(told), message: told.of('message'), metadata: told.of('metadata') ?? {} },
    id: [told.text('run_id')],
  }),
  'sync.completed': (told) => ({
    data: {
      ...run(told),
      status: told.of('status') ?? 'success',
      message: told.of('message'),
      items_processed: told.of('items_processed'),
      metadata: told.of('metadata') ?? {},
    },
    id: [told.text('run_id')],
  }),
  'sync.failed': (told) => ({
    data: {
      ...run(told),
      error: told.text('error') || 'unknown',
      message: told.of('message'),
      metadata: told.of('metadata') ?? {},
    },
    id: [told.text('run_id')],
  }),
  'provider_data.deleted': ({ userId, text, time }) => ({
    data: { user_id: userId, provider: text('provider'), deleted_at: time('deleted_at') },
    id: [userId, text('provider'), time('deleted_at')],
  }),
  'workout.deleted': deleted,
  'sleep.deleted': deleted,
  'menstrual_cycle.deleted': deleted,
};

function deleted({ userId, of, text, time }: Told) {
  const id = text('event_id');
  const data = { id, user_id: userId, replaced_by: of('replaced_by'), deleted_at: time('deleted_at') };
  return { data, id: [id] };
}

export const isFact = (kind: string): boolean => Object.hasOwn(FACTS, kind);

/** The event of a row that needs nothing else to be told. */
export function factEvent(row: OutboxRow): EventDraft {
  const { data, id } = FACTS[row.kind]!(toldBy(row));
  const { userKey, userId, kind } = row;
  return { userKey, userId, type: kind, eventId: eventId(kind, ...id), data: JSON.stringify(data) };
}

function toldBy({ userId, payload, createdAt }: OutboxRow): Told {
  const of = (name: string): JsonValue => payload[name] ?? payload[camelCase(name)] ?? null;
  const text = (name: string): string => {
    const value = of(name);
    return typeof value === 'string' ? value : '';
  };
  return { userId, of, text, time: (name) => wireTime(text(name) || createdAt) };
}

const camelCase = (name: string): string => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
