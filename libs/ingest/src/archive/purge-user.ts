import type { Session, Sql, UserRef } from '#libs/database';
import { parseIsoInstant, type LocalDate } from '#libs/model';
import { lockUser } from '../erase/lock-user.js';
import { refreshEventVitals } from '../events/event-vitals.js';
import { addToCounters } from '../points/platform-counter.js';
import type { TouchedEvent } from '../write-context.js';

const EVENTS_AT_ONCE = 500;

/** Users with archived rollups before the cutoff; found by one look into the index per stream. */
export async function usersWithRollupsBefore(sql: Sql, cutoff: LocalDate): Promise<UserRef[]> {
  return sql.query<{ id: string; key: number }>(
    `SELECT u.id, u.key FROM users u
     WHERE EXISTS (
       SELECT FROM stream s CROSS JOIN LATERAL (
         SELECT r.archived FROM rollup r
         WHERE r.user_key = s.user_key AND r.stream_id = s.id AND r.local_date < $1 AND r.archived LIMIT 1
       ) r WHERE s.user_key = u.key)
     ORDER BY u.key`,
    [cutoff],
  );
}

/**
 * Deletes the archived rollups before the cutoff, and what events up to then know of samples that are gone. Rollups
 * that still have points wait until these are dropped. Returns how many rollups were deleted.
 */
export function purgeUser(db: Session, user: UserRef, cutoff: LocalDate): Promise<number> {
  return db.transaction(async (sql) => {
    await lockUser(sql, user);
    const [purged] = await sql.query<{ rollups: number }>(
      `WITH gone AS (
         DELETE FROM rollup r USING stream s
         WHERE s.user_key = $1 AND r.user_key = $1 AND r.stream_id = s.id AND r.local_date < $2 AND r.archived
         RETURNING 1
       ) SELECT count(*) AS rollups FROM gone`,
      [user.key, cutoff],
    );
    const events = await eventsUpTo(sql, user, cutoff);
    for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
      await refreshEventVitals(sql, user, events.slice(from, from + EVENTS_AT_ONCE), []);
    }
    await addToCounters(sql, user, { archived_rollups: -purged!.rollups });
    return purged!.rollups;
  });
}

/** A night that ends on the date of the cutoff or, by another offset, on the next lies in part before it. */
async function eventsUpTo(sql: Sql, user: UserRef, cutoff: LocalDate): Promise<TouchedEvent[]> {
  const rows = await sql.query<{
    id: string;
    category: TouchedEvent['category'];
    source_id: string;
    started_at: string;
    ended_at: string;
  }>(
    `SELECT e.id, e.category, e.source_id, e.started_at, e.ended_at FROM event e
     WHERE e.user_key = $1 AND e.category IN ('sleep', 'workout') AND e.started_at < $2::date + 1
       AND EXISTS (SELECT FROM event_vital v WHERE v.user_key = $1 AND v.event_id = e.id)`,
    [user.key, cutoff],
  );
  return rows.map((row) => ({
    id: row.id,
    category: row.category,
    sourceId: row.source_id,
    startedAt: parseIsoInstant(row.started_at)!,
    endedAt: parseIsoInstant(row.ended_at)!,
  }));
}
