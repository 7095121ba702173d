import type { Sql } from '#libs/database';
import { eventType } from '../catalogue/event-type.js';
import type { EventDraft } from '../events/event-draft.js';
import { sortableId } from '../ids/sortable-id.js';

export interface FanOut {
  readonly messages: number;
  readonly deliveries: number;
}

/** Who listens: whether there are endpoints at all, and which types they name. */
export interface Audience {
  readonly exists: boolean;
  readonly named: ReadonlySet<string>;
}

export async function readAudience(sql: Sql): Promise<Audience> {
  const [row] = await sql.query<{ endpoints: number; named: string[] | null }>(
    `SELECT count(*) AS endpoints,
       (SELECT array_agg(DISTINCT type) FROM webhook_endpoint e, unnest(e.filter_types) AS type
        WHERE e.deleted_at IS NULL) AS named
     FROM webhook_endpoint WHERE deleted_at IS NULL`,
  );
  return { exists: (row?.endpoints ?? 0) > 0, named: new Set(row?.named ?? []) };
}

interface NewMessage {
  readonly draft: EventDraft;
  readonly id: string;
  readonly contentPlace: number | null;
}

/**
 * Makes messages of events nobody was told of yet, and a delivery per endpoint that wants them. Contents are kept
 * where somebody may be sent them: `keepsContent`.
 */
export async function storeMessages(
  sql: Sql,
  drafts: readonly EventDraft[],
  now: Date,
  keepsContent: boolean,
): Promise<FanOut> {
  const fresh = await withoutTold(sql, drafts);
  if (fresh.length === 0) return { messages: 0, deliveries: 0 };
  const places = new Map<string, number>();
  const contents: EventDraft[] = [];
  const messages = fresh.map((draft): NewMessage => {
    const key = `${draft.userKey ?? ''} ${draft.data}`;
    if (keepsContent && !places.has(key)) {
      places.set(key, contents.length);
      contents.push(draft);
    }
    return { draft, id: sortableId('msg', now.getTime()), contentPlace: places.get(key) ?? null };
  });
  const contentIds = await insertContents(sql, contents);
  const [counts] = await sql.query<{ messages: number; deliveries: number }>(INSERT, [
    messages.map(({ id }) => id),
    messages.map(({ draft }) => draft.userKey),
    messages.map(({ draft }) => draft.userId),
    messages.map(({ draft }) => draft.type),
    messages.map(({ draft }) => draft.eventId),
    messages.map(({ contentPlace }) => (contentPlace === null ? null : contentIds[contentPlace])),
    messages.map(({ draft }) => eventType(draft.type)?.isUsual ?? false),
    now.toISOString(),
  ]);
  return counts!;
}

/** Most repetitions are found here, before anything is written; the unique key finds the rest. */
async function withoutTold(sql: Sql, drafts: readonly EventDraft[]): Promise<EventDraft[]> {
  if (drafts.length === 0) return [];
  const told = await sql.query<{ event_id: string }>(
    'SELECT event_id FROM webhook_message WHERE event_id = ANY ($1::text[])',
    [drafts.map(({ eventId }) => eventId)],
  );
  const known = new Set(told.map((row) => row.event_id));
  return drafts.filter(({ eventId }) => !known.has(eventId) && known.add(eventId));
}

async function insertContents(sql: Sql, contents: readonly EventDraft[]): Promise<number[]> {
  if (contents.length === 0) return [];
  const rows = await sql.query<{ id: number }>(
    `INSERT INTO webhook_content (user_key, data)
     SELECT user_key, data FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS c (user_key, data, place)
     ORDER BY place
     RETURNING id`,
    [contents.map(({ userKey }) => userKey), contents.map(({ data }) => data)],
  );
  return rows.map(({ id }) => id);
}

/** Endpoints that fail get even the first attempt in the lane of the others that fail. */
const INSERT = `
  WITH made AS (
    INSERT INTO webhook_message (id, user_key, user_id, event_type, event_id, content_id, created_at)
    SELECT id, user_key, user_id, event_type, event_id, content_id, $8::timestamptz
    FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::bigint[])
      AS m (id, user_key, user_id, event_type, event_id, content_id)
    ON CONFLICT (event_id) DO NOTHING
    RETURNING id, user_id, event_type
  ), usual AS (
    SELECT * FROM unnest($1::text[], $7::boolean[]) AS u (id, is_usual)
  ), due AS (
    INSERT INTO webhook_delivery (message_id, endpoint_id, lane, next_attempt_at)
    SELECT m.id, e.id, CASE WHEN e.consecutive_failures > 0 THEN 1 ELSE 0 END, $8::timestamptz
    FROM made m
    JOIN usual u USING (id)
    JOIN webhook_endpoint e ON e.disabled_at IS NULL AND e.deleted_at IS NULL
      AND CASE WHEN e.filter_types IS NULL THEN u.is_usual ELSE m.event_type = ANY (e.filter_types) END
      AND (e.user_id IS NULL OR e.user_id = m.user_id)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM made) AS messages, (SELECT count(*) FROM due) AS deliveries`;
