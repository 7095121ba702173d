import type { Sql } from '#libs/database';
import { ADDITIONAL_EVENT_TYPES, eventType } from '../catalogue/event-type.js';
import { laneSql } from '../delivery/delivery.js';
import type { EventDraft } from '../events/event-draft.js';
import { sortableId } from '../ids/sortable-id.js';

const ADDITIONAL = ADDITIONAL_EVENT_TYPES.map(({ name }) => name);

/** The additional types that some endpoint names; nobody is told of the others, and they are not kept. */
export async function readNamedTypes(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ type: string }>(
    `SELECT type FROM unnest($1::text[]) AS type
     WHERE EXISTS (SELECT FROM webhook_endpoint WHERE filter_types @> ARRAY[type] AND deleted_at IS NULL)`,
    [ADDITIONAL],
  );
  return new Set(rows.map(({ type }) => type));
}

/** Makes messages of events nobody was told of yet, and a delivery per endpoint that wants them; answers how many. */
export async function storeMessages(sql: Sql, events: readonly EventDraft[], now: Date): Promise<number> {
  const drafts = [...new Map(events.map((draft) => [draft.eventId, draft])).values()];
  if (drafts.length === 0) return 0;
  const places = new Map<string, number>();
  const contents: EventDraft[] = [];
  const contentPlaces = drafts.map((draft) => {
    const key = `${draft.userKey} ${draft.data}`;
    if (!places.has(key)) places.set(key, contents.push(draft));
    return places.get(key);
  });
  const [made] = await sql.query<{ messages: number }>(INSERT, [
    drafts.map(() => sortableId('msg', now.getTime())),
    drafts.map(({ userKey }) => userKey),
    drafts.map(({ userId }) => userId),
    drafts.map(({ type }) => type),
    drafts.map(({ eventId }) => eventId),
    contentPlaces,
    drafts.map(({ type }) => eventType(type)?.isUsual ?? false),
    contents.map(({ userKey }) => userKey),
    contents.map(({ data }) => data),
    now.toISOString(),
  ]);
  return made!.messages;
}

/**
 * Most repetitions are found before anything is written; the unique key finds the rest. Who hears of a type is looked up
 * in the indexes of endpoints per type, not per message.
 */
const INSERT = `
  WITH fresh AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::integer[])
      AS d (id, user_key, user_id, event_type, event_id, place)
    WHERE NOT EXISTS (SELECT FROM webhook_message m WHERE m.event_id = d.event_id)
  ), content AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('webhook_content', 'id')) AS id, c.*
    FROM unnest($8::integer[], $9::text[]) WITH ORDINALITY AS c (user_key, data, place)
    WHERE place IN (SELECT place FROM fresh)
  ), kept AS (
    INSERT INTO webhook_content (id, user_key, data) OVERRIDING SYSTEM VALUE SELECT id, user_key, data FROM content
  ), made AS (
    INSERT INTO webhook_message (id, user_key, user_id, event_type, event_id, content_id, created_at)
    SELECT f.id, f.user_key, user_id, event_type, event_id, c.id, $10::timestamptz
    FROM fresh f JOIN content c USING (place)
    ON CONFLICT (event_id) DO NOTHING
    RETURNING id, user_id, event_type
  ), listener AS MATERIALIZED (
    SELECT t.type, e.id, e.user_id, e.lane
    FROM (SELECT DISTINCT * FROM unnest($4::text[], $7::boolean[]) AS t (type, is_usual)) AS t
    CROSS JOIN LATERAL (
      SELECT e.id, e.user_id, ${laneSql('e')} AS lane FROM webhook_endpoint e
      WHERE e.filter_types @> ARRAY[t.type] AND e.deleted_at IS NULL AND e.disabled_at IS NULL
      UNION ALL
      SELECT e.id, e.user_id, ${laneSql('e')} FROM webhook_endpoint e
      WHERE e.filter_types IS NULL AND t.is_usual AND e.deleted_at IS NULL AND e.disabled_at IS NULL
    ) AS e
  ), due AS (
    INSERT INTO webhook_delivery (message_id, endpoint_id, lane, next_attempt_at)
    SELECT m.id, l.id, l.lane, $10::timestamptz
    FROM made m JOIN listener l ON l.type = m.event_type AND (l.user_id IS NULL OR l.user_id = m.user_id)
  )
  SELECT count(*) AS messages FROM made`;
