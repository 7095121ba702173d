import type { Sql } from '#libs/database';
import { sortableId } from '../ids/sortable-id.js';

/** A message for one endpoint alone, whatever it filters. */
export interface DirectMessage {
  readonly endpointId: string;
  readonly type: string;
  readonly eventId: string;
  /** Compact JSON of the payload's `data`. */
  readonly data: string;
  /** 0: by schedule, 1: by hand. */
  readonly trigger: number;
}

/** Makes these messages, to be delivered at once; answers their ids. */
export async function storeDirect(sql: Sql, messages: readonly DirectMessage[]): Promise<string[]> {
  const ids = messages.map(() => sortableId('msg'));
  if (messages.length === 0) return ids;
  await sql.query(
    `WITH direct AS (
       SELECT d.*, nextval(pg_get_serial_sequence('webhook_content', 'id')) AS content_id
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[])
         AS d (id, endpoint_id, event_type, event_id, data, trigger)
     ), content AS (
       INSERT INTO webhook_content (id, data) OVERRIDING SYSTEM VALUE SELECT content_id, data FROM direct
     ), message AS (
       INSERT INTO webhook_message (id, event_type, event_id, endpoint_id, content_id, created_at)
       SELECT id, event_type, event_id, endpoint_id, content_id, now() FROM direct
       RETURNING id
     )
     INSERT INTO webhook_delivery (message_id, endpoint_id, trigger)
     SELECT id, d.endpoint_id, d.trigger FROM message JOIN direct d USING (id)`,
    [
      ids,
      messages.map(({ endpointId }) => endpointId),
      messages.map(({ type }) => type),
      messages.map(({ eventId }) => eventId),
      messages.map(({ data }) => data),
      messages.map(({ trigger }) => trigger),
    ],
  );
  return ids;
}
