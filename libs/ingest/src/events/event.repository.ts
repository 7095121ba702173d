import { plannedOnce, type Sql, type UserRef } from '#libs/database';
import { formatInstant, parseIsoInstant, type Instant, type ZoneOffsetMinutes } from '#libs/model';
import type { EventCategory, EventFields } from './event-draft.js';
import type { Identifiable } from './record-identity.js';

export interface EventRow extends EventFields {
  readonly id: string;
}

export interface StoredEvent extends Identifiable {
  readonly id: string;
  readonly zoneOffset: ZoneOffsetMinutes | null;
}

/** What one upsert did; events that were stored just so already are in neither list. */
export interface UpsertedIds {
  readonly inserted: ReadonlySet<string>;
  readonly updated: ReadonlySet<string>;
}

type EventKey = Pick<EventFields, 'sourceId' | 'category' | 'externalId' | 'startedAt' | 'endedAt'>;

interface KeyColumns {
  id: string;
  source_id: string;
  category: EventCategory;
  external_id: string | null;
  started_at: string;
  ended_at: string;
}

/** Source and category: what an external id and a pair of times are unique in. */
export const scopeOf = (sourceId: string, category: EventCategory): string => `${sourceId}|${category}`;

/** An instant as PostgreSQL printed it. */
export const instantOf = (text: string): Instant => parseIsoInstant(text)!;

const identified = (row: KeyColumns): Identifiable => ({
  scope: scopeOf(row.source_id, row.category),
  externalId: row.external_id,
  startedAt: instantOf(row.started_at),
  endedAt: instantOf(row.ended_at),
});

/** Stored events (sleep apart) that share an external id or both times with one of `keys`. */
export async function findEventsLike(sql: Sql, user: UserRef, keys: readonly EventKey[]): Promise<StoredEvent[]> {
  const rows = await sql.query<KeyColumns & { zone_offset: number | null }>(
    plannedOnce(`WITH wanted AS (
       SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
         AS k (source_id, category, external_id, started_at, ended_at)
     )
     SELECT e.id, e.source_id, e.category, e.external_id, e.started_at, e.ended_at, e.zone_offset
     FROM wanted k
     JOIN event e ON e.user_key = $1 AND e.source_id = k.source_id AND e.category = k.category
       AND e.category <> 'sleep' AND e.external_id = k.external_id
     UNION
     SELECT e.id, e.source_id, e.category, e.external_id, e.started_at, e.ended_at, e.zone_offset
     FROM wanted k
     JOIN event e ON e.user_key = $1 AND e.category = k.category AND e.started_at = k.started_at
       AND e.ended_at = k.ended_at AND e.source_id = k.source_id`),
    [
      user.key,
      keys.map((key) => key.sourceId),
      keys.map((key) => key.category),
      keys.map((key) => key.externalId),
      keys.map((key) => formatInstant(key.startedAt)),
      keys.map((key) => formatInstant(key.endedAt)),
    ],
  );
  return rows.map((row) => ({ ...identified(row), id: row.id, zoneOffset: row.zone_offset }));
}

/** Records of these sources that were deleted by hand. */
export async function findTombstones(sql: Sql, user: UserRef, sourceIds: readonly string[]): Promise<Identifiable[]> {
  const rows = await sql.query<KeyColumns>(
    plannedOnce(`SELECT source_id, category, external_id, started_at, ended_at
     FROM event_tombstone WHERE user_key = $1 AND source_id = ANY ($2::uuid[])`),
    [user.key, [...new Set(sourceIds)]],
  );
  return rows.map(identified);
}

/** Inserts events or brings the stored ones of equal id up to date. */
export async function upsertEvents(
  sql: Sql,
  user: UserRef,
  events: readonly EventRow[],
  now: Instant,
): Promise<UpsertedIds> {
  const rows = await sql.query<{ id: string; was_inserted: boolean }>(
    plannedOnce(`INSERT INTO event AS e (user_key, id, source_id, category, type, external_id, source_name, started_at, ended_at,
       zone_offset, duration_seconds, local_date, created_at, updated_at)
     SELECT $1, r.*, $2, $2
     FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
       $10::timestamptz[], $11::smallint[], $12::integer[], $13::date[]) AS r
     ON CONFLICT (user_key, id) DO UPDATE SET
       type = excluded.type, external_id = excluded.external_id, source_name = excluded.source_name,
       started_at = excluded.started_at, ended_at = excluded.ended_at, zone_offset = excluded.zone_offset,
       duration_seconds = excluded.duration_seconds, local_date = excluded.local_date, updated_at = excluded.updated_at
     WHERE (e.type, e.external_id, e.source_name, e.started_at, e.ended_at, e.zone_offset, e.duration_seconds,
         e.local_date)
       IS DISTINCT FROM (excluded.type, excluded.external_id, excluded.source_name, excluded.started_at,
         excluded.ended_at, excluded.zone_offset, excluded.duration_seconds, excluded.local_date)
     RETURNING new.id, old.id IS NULL AS was_inserted`),
    [
      user.key,
      formatInstant(now),
      events.map((event) => event.id),
      events.map((event) => event.sourceId),
      events.map((event) => event.category),
      events.map((event) => event.type),
      events.map((event) => event.externalId),
      events.map((event) => event.sourceName),
      events.map((event) => formatInstant(event.startedAt)),
      events.map((event) => formatInstant(event.endedAt)),
      events.map((event) => event.zoneOffset),
      events.map((event) => event.durationSeconds),
      events.map((event) => event.localDate),
    ],
  );
  return {
    inserted: new Set(rows.filter((row) => row.was_inserted).map((row) => row.id)),
    updated: new Set(rows.filter((row) => !row.was_inserted).map((row) => row.id)),
  };
}

/** Marks events as changed whose own row stayed as it was while something that belongs to them changed. */
export async function markUpdated(sql: Sql, user: UserRef, ids: readonly string[], now: Instant): Promise<void> {
  if (ids.length === 0) return;
  await sql.query('UPDATE event SET updated_at = $3 WHERE user_key = $1 AND id = ANY ($2::uuid[])', [
    user.key,
    ids,
    formatInstant(now),
  ]);
}
