import type { Sql, UserRef } from '#libs/database';
import { formatInstant, type Instant } from '#libs/model';
import { instantOf } from '../events/event.repository.js';
import { matchStored, type Identifiable } from '../events/record-identity.js';
import type { SegmentRow, SessionRow } from './fragment-input.js';
import { storedStages } from './stage-json.js';
import type { TimeWindow } from './time-window.js';

/** What storing fragments did: how many were new or other than before, and where, their former places included. */
export interface FragmentChanges {
  readonly inserted: number;
  readonly updated: number;
  readonly touched: readonly TimeWindow[];
}

interface StoredSession extends Identifiable {
  readonly id: number;
}

/** Inserts segments or replaces those that differ; one without id or zone offset keeps the stored one. Deleted ones stay as they are. */
export async function upsertSegments(sql: Sql, user: UserRef, rows: readonly SegmentRow[]): Promise<FragmentChanges> {
  if (rows.length === 0) return { inserted: 0, updated: 0, touched: [] };
  const changed = await sql.query<{ source_id: string; from: string; to: string; was_inserted: boolean }>(
    `INSERT INTO sleep_fragment AS f
       (user_key, source_id, started_at, ended_at, stage, external_id, source_name, zone_offset, score)
     SELECT $1, r.* FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
       $8::smallint[], $9::float8[]) AS r
     ON CONFLICT (user_key, source_id, started_at, ended_at, stage) WHERE stage IS NOT NULL DO UPDATE SET
       external_id = coalesce(excluded.external_id, f.external_id), source_name = excluded.source_name,
       zone_offset = coalesce(excluded.zone_offset, f.zone_offset), score = coalesce(excluded.score, f.score)
     WHERE NOT f.is_deleted AND (f.external_id, f.source_name, f.zone_offset, f.score)
       IS DISTINCT FROM (coalesce(excluded.external_id, f.external_id), excluded.source_name,
         coalesce(excluded.zone_offset, f.zone_offset), coalesce(excluded.score, f.score))
     RETURNING new.source_id, new.started_at AS from, new.ended_at AS to, old.id IS NULL AS was_inserted`,
    [
      user.key,
      rows.map((row) => row.sourceId),
      rows.map((row) => formatInstant(row.startedAt)),
      rows.map((row) => formatInstant(row.endedAt)),
      rows.map((row) => row.stage),
      rows.map((row) => row.externalId),
      rows.map((row) => row.sourceName),
      rows.map((row) => row.zoneOffset),
      rows.map((row) => row.score),
    ],
  );
  const inserted = changed.filter((row) => row.was_inserted).length;
  return {
    inserted,
    updated: changed.length - inserted,
    touched: changed.map((row) => ({
      sourceId: row.source_id,
      from: instantOf(row.from),
      to: instantOf(row.to),
    })),
  };
}

/** Inserts vendor sessions or replaces those that differ, wherever they moved to. Deleted ones stay as they are. */
export async function upsertSessions(sql: Sql, user: UserRef, rows: readonly SessionRow[]): Promise<FragmentChanges> {
  if (rows.length === 0) return { inserted: 0, updated: 0, touched: [] };
  const stored = await findSessionsLike(sql, user, rows);
  const matches = matchStored(rows, stored);
  const fresh = rows.filter((row) => !matches.has(row));
  await insertSessions(sql, user, fresh);
  const known = rows.flatMap((row) => {
    const match = matches.get(row);
    return match ? [{ ...row, id: match.id, externalId: row.externalId ?? match.externalId }] : [];
  });
  const changed = await replaceSessions(sql, user, known);
  const former = stored.filter(({ id }) => changed.has(id));
  const current = known.filter(({ id }) => changed.has(id));
  return {
    inserted: fresh.length,
    updated: changed.size,
    touched: [
      ...[...fresh, ...current].map(({ sourceId, startedAt, endedAt }) => windowOf(sourceId, startedAt, endedAt)),
      ...former.map(({ scope, startedAt, endedAt }) => windowOf(scope, startedAt, endedAt)),
    ],
  };
}

const windowOf = (sourceId: string, from: Instant, to: Instant): TimeWindow => ({ sourceId, from, to });

async function findSessionsLike(sql: Sql, user: UserRef, rows: readonly SessionRow[]): Promise<StoredSession[]> {
  const found = await sql.query<{
    id: number;
    source_id: string;
    external_id: string | null;
    started_at: string;
    ended_at: string;
  }>(
    `WITH wanted AS (
       SELECT * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
         AS k (source_id, external_id, started_at, ended_at)
     )
     SELECT f.id, f.source_id, f.external_id, f.started_at, f.ended_at
     FROM wanted k
     JOIN sleep_fragment f ON f.user_key = $1 AND f.source_id = k.source_id AND f.external_id = k.external_id
       AND f.session IS NOT NULL
     UNION
     SELECT f.id, f.source_id, f.external_id, f.started_at, f.ended_at
     FROM wanted k
     JOIN sleep_fragment f ON f.user_key = $1 AND f.source_id = k.source_id AND f.started_at = k.started_at
       AND f.ended_at = k.ended_at AND f.session IS NOT NULL`,
    [user.key, ...keyColumns(rows)],
  );
  return found.map((row) => ({
    id: row.id,
    scope: row.source_id,
    externalId: row.external_id,
    startedAt: instantOf(row.started_at),
    endedAt: instantOf(row.ended_at),
  }));
}

const keyColumns = (rows: readonly SessionRow[]): unknown[] => [
  rows.map((row) => row.sourceId),
  rows.map((row) => row.externalId),
  rows.map((row) => formatInstant(row.startedAt)),
  rows.map((row) => formatInstant(row.endedAt)),
];

const contentColumns = (rows: readonly SessionRow[]): unknown[] => [
  rows.map((row) => row.sourceName),
  rows.map((row) => row.zoneOffset),
  rows.map((row) => row.isNap),
  rows.map((row) => JSON.stringify({ ...row.totals, stages: storedStages(row.totals.stages) })),
];

async function insertSessions(sql: Sql, user: UserRef, rows: readonly SessionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO sleep_fragment
       (user_key, source_id, external_id, started_at, ended_at, source_name, zone_offset, is_nap, session)
     SELECT $1, r.* FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[],
       $7::smallint[], $8::boolean[], $9::jsonb[]) AS r`,
    [user.key, ...keyColumns(rows), ...contentColumns(rows)],
  );
}

async function replaceSessions(
  sql: Sql,
  user: UserRef,
  rows: readonly (SessionRow & { readonly id: number })[],
): Promise<ReadonlySet<number>> {
  if (rows.length === 0) return new Set();
  const changed = await sql.query<{ id: number }>(
    `UPDATE sleep_fragment f SET external_id = r.external_id, started_at = r.started_at, ended_at = r.ended_at,
       source_name = r.source_name, zone_offset = coalesce(r.zone_offset, f.zone_offset), is_nap = r.is_nap, session = r.session
     FROM unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::smallint[],
       $8::boolean[], $9::jsonb[])
       AS r (id, external_id, started_at, ended_at, source_name, zone_offset, is_nap, session)
     WHERE f.user_key = $1 AND f.id = r.id AND NOT f.is_deleted
       AND (f.external_id, f.started_at, f.ended_at, f.source_name, f.zone_offset, f.is_nap, f.session)
         IS DISTINCT FROM (r.external_id, r.started_at, r.ended_at, r.source_name,
           coalesce(r.zone_offset, f.zone_offset), r.is_nap, r.session)
     RETURNING f.id`,
    [user.key, rows.map((row) => row.id), ...keyColumns(rows).slice(1), ...contentColumns(rows)],
  );
  return new Set(changed.map((row) => row.id));
}
