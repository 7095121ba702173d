import { randomUUID } from 'node:crypto';
import { plannedOnce, type Sql, type UserRef } from '#libs/database';
import { formatInstant, type Instant } from '#libs/model';
import { instantOf } from '../events/event.repository.js';
import { jsonText } from '../events/json-text.js';
import { sameScores } from './score-identity.js';
import type { ScoreRow, StoredScore } from './score-row.js';

export interface UpsertedScores {
  /** Ids. */
  readonly inserted: readonly string[];
  readonly updated: readonly string[];
}

/** Inserts scores or replaces those that differ; one without a zone offset keeps the stored one. `rows` holds no two of the same identity. */
export async function upsertScores(
  sql: Sql,
  user: UserRef,
  rows: readonly ScoreRow[],
  now: Instant,
): Promise<UpsertedScores> {
  if (rows.length === 0) return { inserted: [], updated: [] };
  const { idOf, surplus } = sameScores(rows, await findScoresLike(sql, user, rows));
  if (surplus.length > 0) {
    await sql.query('DELETE FROM health_score WHERE user_key = $1 AND id = ANY ($2::uuid[])', [user.key, surplus]);
  }
  const changed = await sql.query<{ id: string; was_inserted: boolean }>(
    plannedOnce(`INSERT INTO health_score AS s (user_key, id, provider, category, value, qualifier, recorded_at, zone_offset,
       components, source_id, event_id, created_at, updated_at)
     SELECT $1, r.id, r.provider, r.category, round(r.value, 3), r.qualifier, r.recorded_at, r.zone_offset,
       r.components, r.source_id, r.event_id, $2, $2
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::timestamptz[], $9::smallint[],
       $10::jsonb[], $11::uuid[], $12::uuid[])
       AS r (id, provider, category, value, qualifier, recorded_at, zone_offset, components, source_id, event_id)
     ON CONFLICT (user_key, id) DO UPDATE SET
       value = excluded.value, qualifier = excluded.qualifier, recorded_at = excluded.recorded_at,
       zone_offset = coalesce(excluded.zone_offset, s.zone_offset), components = excluded.components,
       source_id = excluded.source_id, event_id = excluded.event_id, updated_at = excluded.updated_at
     WHERE (s.value, s.qualifier, s.recorded_at, s.zone_offset, s.components, s.source_id, s.event_id)
       IS DISTINCT FROM (excluded.value, excluded.qualifier, excluded.recorded_at,
         coalesce(excluded.zone_offset, s.zone_offset), excluded.components, excluded.source_id, excluded.event_id)
     RETURNING new.id, old.id IS NULL AS was_inserted`),
    [
      user.key,
      formatInstant(now),
      rows.map((row) => idOf.get(row) ?? randomUUID()),
      rows.map((row) => row.provider),
      rows.map((row) => row.category),
      rows.map((row) => row.value),
      rows.map((row) => row.qualifier),
      rows.map((row) => formatInstant(row.recordedAt)),
      rows.map((row) => row.zoneOffset),
      rows.map((row) => jsonText(row.components)),
      rows.map((row) => row.sourceId),
      rows.map((row) => row.eventId),
    ],
  );
  return {
    inserted: changed.filter((row) => row.was_inserted).map((row) => row.id),
    updated: changed.filter((row) => !row.was_inserted).map((row) => row.id),
  };
}

/** Stored scores of equal provider and category that share the time or the event with one of `rows`. */
async function findScoresLike(sql: Sql, user: UserRef, rows: readonly ScoreRow[]): Promise<StoredScore[]> {
  const found = await sql.query<{
    id: string;
    provider: string;
    category: string;
    recorded_at: string;
    event_id: string | null;
  }>(
    plannedOnce(`WITH wanted AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::uuid[])
         AS k (provider, category, recorded_at, event_id)
     )
     SELECT id, provider, category, recorded_at, event_id FROM (
       SELECT s.* FROM wanted k
       JOIN health_score s ON s.user_key = $1 AND s.provider = k.provider AND s.category = k.category
         AND s.recorded_at = k.recorded_at
       UNION
       SELECT s.* FROM wanted k
       JOIN health_score s ON s.user_key = $1 AND s.event_id = k.event_id AND s.provider = k.provider
         AND s.category = k.category
     ) AS s
     ORDER BY created_at, id`),
    [
      user.key,
      rows.map((row) => row.provider),
      rows.map((row) => row.category),
      rows.map((row) => formatInstant(row.recordedAt)),
      rows.map((row) => row.eventId),
    ],
  );
  return found.map((row) => ({
    id: row.id,
    provider: row.provider,
    category: row.category,
    recordedAt: instantOf(row.recorded_at),
    eventId: row.event_id,
  }));
}

/**
 * Hands the scores of events that grew together to the event that stays; null = nobody takes them. Computed scores
 * and those the successor has already go with the event.
 */
export async function bequeathScores(
  sql: Sql,
  user: UserRef,
  successors: ReadonlyMap<string, string | null>,
): Promise<void> {
  const events = [...successors.keys()];
  await sql.query(
    `UPDATE health_score s SET event_id = moving.successor
     FROM (
       SELECT DISTINCT ON (o.provider, o.category, o.recorded_at, m.successor) o.id, m.successor
       FROM unnest($2::uuid[], $3::uuid[]) AS m (event_id, successor)
       JOIN health_score o ON o.user_key = $1 AND o.event_id = m.event_id
       WHERE m.successor IS NOT NULL AND o.provider <> 'internal' AND NOT EXISTS (
         SELECT FROM health_score own
         WHERE own.user_key = $1 AND own.provider = o.provider AND own.category = o.category
           AND own.recorded_at = o.recorded_at AND own.event_id = m.successor)
       ORDER BY o.provider, o.category, o.recorded_at, m.successor, o.created_at, o.id
     ) AS moving
     WHERE s.user_key = $1 AND s.id = moving.id`,
    [user.key, events, [...successors.values()]],
  );
  await deleteScoresOf(sql, user, events);
}

export async function deleteScoresOf(sql: Sql, user: UserRef, eventIds: readonly string[]): Promise<void> {
  await sql.query('DELETE FROM health_score WHERE user_key = $1 AND event_id = ANY ($2::uuid[])', [user.key, eventIds]);
}
