import type { Sql, UserRef } from '#libs/database';
import { formatInstant, instantFromDate } from '#libs/model';
import type { EventCategory } from '../events/event-draft.js';
import { announce } from '../outbox/outbox.writer.js';
import { erasePoints } from '../points/erase-points.js';
import { uncountEvents } from './event-counters.js';
import { lockUser } from './lock-user.js';

/** Deletes a provider's scores and sources with everything below them. */
export async function eraseProvider(sql: Sql, user: UserRef, provider: string): Promise<void> {
  await lockUser(sql, user);
  const sources = await sql.query<{ id: string }>('SELECT id FROM data_source WHERE user_key = $1 AND provider = $2', [
    user.key,
    provider,
  ]);
  const sourceIds = sources.map(({ id }) => id);
  await sql.query(
    `DELETE FROM health_score
     WHERE user_key = $1 AND (provider = $2 OR event_id IN (
       SELECT id FROM event WHERE user_key = $1 AND source_id = ANY ($3::uuid[])))`,
    [user.key, provider, sourceIds],
  );
  const removed = await sql.query<{ category: EventCategory; count: number }>(
    `WITH gone AS (DELETE FROM event WHERE user_key = $1 AND source_id = ANY ($2::uuid[]) RETURNING category)
     SELECT category, count(*) AS count FROM gone GROUP BY category`,
    [user.key, sourceIds],
  );
  await uncountEvents(sql, user, removed);
  await erasePoints(sql, user, sourceIds);
  await sql.query('DELETE FROM data_source WHERE user_key = $1 AND id = ANY ($2::uuid[])', [user.key, sourceIds]);
  const payload = { provider, deleted_at: formatInstant(instantFromDate(new Date())) };
  await announce(sql, user, [{ kind: 'provider_data.deleted', payload }]);
}
