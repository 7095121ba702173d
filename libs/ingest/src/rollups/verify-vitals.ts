import type { Sql, UserRef } from '#libs/database';
import { parseIsoInstant } from '#libs/model';
import { refreshEventVitals } from '../events/event-vitals.js';
import type { TouchedEvent } from '../write-context.js';

const EVENTS_AT_ONCE = 500;

interface Vital {
  event_id: string;
  stream_id: number;
  point_count: number;
  sum_value: number;
}

export interface VitalDifference {
  readonly key: { readonly event_id: string; readonly stream_id: number };
  readonly expected: Vital | null;
  readonly stored: Vital | null;
}

/**
 * Counts the vitals of all events of a user again, by the rule that writes them, and tells what came out otherwise.
 * Changes the vitals on the way: the caller rolls its transaction back.
 */
export async function compareVitals(
  sql: Sql,
  user: UserRef,
): Promise<{ checked: number; differences: VitalDifference[] }> {
  const stored = await readVitals(sql, user);
  const events = await eventsWithVitals(sql, user);
  for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
    await refreshEventVitals(sql, user, events.slice(from, from + EVENTS_AT_ONCE), []);
  }
  const expected = await readVitals(sql, user);
  const differences: VitalDifference[] = [];
  for (const key of new Set([...stored.keys(), ...expected.keys()])) {
    const before = stored.get(key) ?? null;
    const after = expected.get(key) ?? null;
    if (before?.point_count === after?.point_count && before?.sum_value === after?.sum_value) continue;
    const { event_id, stream_id } = (before ?? after)!;
    differences.push({ key: { event_id, stream_id }, expected: after, stored: before });
  }
  return { checked: expected.size, differences };
}

async function readVitals(sql: Sql, user: UserRef): Promise<Map<string, Vital>> {
  const rows = await sql.query<Vital>(
    'SELECT event_id, stream_id, point_count, sum_value FROM event_vital WHERE user_key = $1',
    [user.key],
  );
  return new Map(rows.map((row) => [`${row.event_id}|${row.stream_id}`, row]));
}

async function eventsWithVitals(sql: Sql, user: UserRef): Promise<TouchedEvent[]> {
  const rows = await sql.query<{
    id: string;
    category: TouchedEvent['category'];
    source_id: string;
    started_at: string;
    ended_at: string;
  }>(
    `SELECT id, category, source_id, started_at, ended_at FROM event
     WHERE user_key = $1 AND category IN ('sleep', 'workout') ORDER BY started_at`,
    [user.key],
  );
  return rows.map((row) => ({
    id: row.id,
    category: row.category,
    sourceId: row.source_id,
    startedAt: parseIsoInstant(row.started_at) ?? 0,
    endedAt: parseIsoInstant(row.ended_at) ?? 0,
  }));
}
