import type { Sql, UserRef } from '#libs/database';
import { instantFromDate } from '#libs/model';
import type { EventCategory } from '../events/event-draft.js';
import { deletion } from '../outbox/deletion.js';
import { announce } from '../outbox/outbox.writer.js';
import { deleteScoresOf } from '../scores/score.repository.js';
import { uncountEvents } from './event-counters.js';
import { lockUser } from './lock-user.js';

/** Deletes one event and remembers that it is deleted; false when there is none of that category and id. */
export async function eraseEvent(sql: Sql, user: UserRef, category: EventCategory, id: string): Promise<boolean> {
  await lockUser(sql, user);
  const [deleted] = await sql.query<{ source_id: string }>(
    `WITH gone AS (
       DELETE FROM event WHERE user_key = $1 AND id = $2 AND category = $3
       RETURNING source_id, category, external_id, started_at, ended_at
     ), remembered AS (
       INSERT INTO event_tombstone (user_key, source_id, category, external_id, started_at, ended_at)
       SELECT $1, source_id, category, external_id, started_at, ended_at FROM gone WHERE category <> 'sleep'
     )
     SELECT source_id FROM gone`,
    [user.key, id, category],
  );
  if (!deleted) return false;
  if (category === 'sleep') await hideFragments(sql, user, deleted.source_id, id);
  await deleteScoresOf(sql, user, [id]);
  await uncountEvents(sql, user, [{ category, count: 1 }]);
  await announce(sql, user, [deletion(category, id, instantFromDate(new Date()))]);
  return true;
}

/** Fragments of a deleted night stay as what they are recognised by when they are delivered again. */
async function hideFragments(sql: Sql, user: UserRef, sourceId: string, eventId: string): Promise<void> {
  await sql.query(
    `UPDATE sleep_fragment SET is_deleted = true, event_id = NULL
     WHERE user_key = $1 AND source_id = $2 AND event_id = $3`,
    [user.key, sourceId, eventId],
  );
}
