import type { Sql } from '#libs/database';
import { eventId, type EventDraft } from '../events/event-draft.js';
import { wireTime } from '../events/wire-time.js';
import { readAudience, storeMessages } from '../relay/message.repository.js';

export type DisableReason = 'gone' | 'failing';

/** Event that tells a developer's other endpoints. */
const DISABLED = 'webhook_endpoint.disabled';

/** Gives up what waits for these endpoints. */
export async function giveUpPending(sql: Sql, endpointIds: readonly string[]): Promise<void> {
  await sql.query('UPDATE webhook_delivery SET status = 2 WHERE endpoint_id = ANY ($1::text[]) AND status = 1', [
    endpointIds,
  ]);
}

/** Ends endpoints by itself, and announces it to whoever asked for that. Those ended before stay as they are. */
export async function disableEndpoints(
  sql: Sql,
  reasons: ReadonlyMap<string, DisableReason>,
  now: Date,
): Promise<string[]> {
  if (reasons.size === 0) return [];
  const disabled = await sql.query<{ id: string; url: string; reason: string; disabled_at: string }>(
    `UPDATE webhook_endpoint e SET disabled_at = $3, disabled_reason = r.reason, notified_at = NULL, updated_at = $3
     FROM unnest($1::text[], $2::text[]) AS r (id, reason)
     WHERE e.id = r.id AND e.disabled_at IS NULL AND e.deleted_at IS NULL
     RETURNING e.id, e.url, r.reason, e.disabled_at`,
    [[...reasons.keys()], [...reasons.values()], now.toISOString()],
  );
  const ids = disabled.map(({ id }) => id);
  await giveUpPending(sql, ids);
  const audience = await readAudience(sql);
  if (audience.named.has(DISABLED)) {
    const drafts = disabled.map(({ id, url, reason, disabled_at }): EventDraft => ({
      userKey: null,
      userId: null,
      type: DISABLED,
      eventId: eventId(DISABLED, id, wireTime(disabled_at)),
      data: JSON.stringify({ endpoint_id: id, url, reason, disabled_at: wireTime(disabled_at) }),
    }));
    await storeMessages(sql, drafts, now, true);
  }
  return ids;
}
