import { OUTBOX_CHANNEL, plannedOnce, type Sql, type UserRef } from '#libs/database';
import type { JsonObject } from '#libs/model';

/** One thing an integrator must hear: the kind of change and what the delivery needs to know about it. */
export interface Announcement {
  readonly kind: string;
  readonly payload: JsonObject;
}

/** As `announce`, unless nobody is to hear of this batch. */
export async function announceWithin(
  sql: Sql,
  user: UserRef,
  { announces }: { readonly announces?: boolean },
  announcements: () => readonly Announcement[],
): Promise<void> {
  if (announces !== false) await announce(sql, user, announcements());
}

/**
 * Writes announcements in the transaction that stored what they tell; nothing for an empty list. Nobody is woken while
 * others wait already: transactions that wake somebody commit one after the other.
 */
export async function announce(sql: Sql, user: UserRef, announcements: readonly Announcement[]): Promise<void> {
  if (announcements.length === 0) return;
  await sql.query(
    plannedOnce(`WITH made AS (
       INSERT INTO outbox (user_key, kind, payload)
       SELECT $1, kind, payload FROM unnest($2::text[], $3::jsonb[]) AS a (kind, payload)
     )
     SELECT pg_notify($4, '') WHERE NOT EXISTS (SELECT FROM outbox WHERE due_at <= now())`),
    [user.key, announcements.map((a) => a.kind), announcements.map((a) => JSON.stringify(a.payload)), OUTBOX_CHANNEL],
  );
}
