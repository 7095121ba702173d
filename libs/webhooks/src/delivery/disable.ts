import type { Sql } from '#libs/database';
import { eventId } from '../events/event-draft.js';
import { wireTime } from '../events/wire-time.js';
import { storeDirect, type DirectMessage } from '../relay/direct-messages.js';

export type DisableReason = 'gone' | 'failing';

/** Event that tells the same developer's endpoints that name it; an address is nobody else's business. */
const DISABLED = 'webhook_endpoint.disabled';
/** Nothing is attempted at an endpoint that is disabled; what is beyond this the sweep deletes. */
const MOST_AT_ONCE = 10_000;

interface Disabled {
  readonly id: string;
  readonly url: string;
  readonly reason: string;
  readonly disabled_at: string;
}

/** Gives up what waits for these endpoints. */
export async function giveUpPending(sql: Sql, endpointIds: readonly string[]): Promise<void> {
  await sql.query(
    `DELETE FROM webhook_delivery WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM webhook_delivery WHERE lane IN (0, 1) AND endpoint_id = ANY ($1::text[]) LIMIT ${MOST_AT_ONCE}))`,
    [endpointIds],
  );
}

/** Ends endpoints by itself, and announces it to whoever asked for that. Those ended before stay as they are. */
export async function disableEndpoints(
  sql: Sql,
  reasons: ReadonlyMap<string, DisableReason>,
  now: Date,
): Promise<string[]> {
  if (reasons.size === 0) return [];
  const disabled = await sql.query<Disabled & Record<string, unknown>>(
    `UPDATE webhook_endpoint e SET disabled_at = $3, disabled_reason = r.reason, notified_at = NULL, updated_at = $3
     FROM unnest($1::text[], $2::text[]) AS r (id, reason)
     WHERE e.id = r.id AND e.disabled_at IS NULL AND e.deleted_at IS NULL
     RETURNING e.id, e.url, r.reason, e.disabled_at`,
    [[...reasons.keys()], [...reasons.values()], now.toISOString()],
  );
  const ids = disabled.map(({ id }) => id);
  await giveUpPending(sql, ids);
  await tellOwners(sql, disabled);
  return ids;
}

async function tellOwners(sql: Sql, disabled: readonly Disabled[]): Promise<void> {
  const listeners = await sql.query<{ disabled_id: string; listener_id: string }>(
    `SELECT d.id AS disabled_id, l.id AS listener_id
     FROM webhook_endpoint d JOIN webhook_endpoint l ON l.developer_id IS NOT DISTINCT FROM d.developer_id
     WHERE d.id = ANY ($1::text[]) AND l.filter_types @> ARRAY[$2::text] AND l.deleted_at IS NULL AND l.disabled_at IS NULL`,
    [disabled.map(({ id }) => id), DISABLED],
  );
  const byId = new Map(disabled.map((one) => [one.id, one]));
  await storeDirect(
    sql,
    listeners.map(({ disabled_id, listener_id }): DirectMessage => {
      const { id, url, reason, disabled_at } = byId.get(disabled_id)!;
      const disabledAt = wireTime(disabled_at);
      return {
        endpointId: listener_id,
        type: DISABLED,
        eventId: eventId(DISABLED, id, disabledAt, listener_id),
        data: JSON.stringify({ endpoint_id: id, url, reason, disabled_at: disabledAt }),
        trigger: 0,
      };
    }),
  );
}
