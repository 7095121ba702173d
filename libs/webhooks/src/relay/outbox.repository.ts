import type { Sql } from '#libs/database';
import { formatInstant, type Instant, type JsonObject } from '#libs/model';
import type { OutboxRow } from '../events/outbox-row.js';

interface Row {
  id: number;
  user_key: number;
  user_id: string;
  kind: string;
  payload: JsonObject;
  created_at: string;
}

/** Longest pause before a row that cannot be told is tried again. */
const LONGEST_PAUSE = "interval '1 hour'";

/**
 * Rows that are due, oldest first, held with their users until the transaction ends; those that somebody else holds are
 * left to them.
 */
export async function takeDue(sql: Sql, now: Date, most: number): Promise<OutboxRow[]> {
  const rows = await sql.query<Row & Record<string, unknown>>(
    `SELECT o.id, o.user_key, u.id AS user_id, o.kind, o.payload, o.created_at
     FROM outbox o JOIN users u ON u.key = o.user_key
     WHERE o.due_at <= $1
     ORDER BY o.due_at, o.id
     LIMIT $2 FOR UPDATE OF o SKIP LOCKED FOR KEY SHARE OF u SKIP LOCKED`,
    [now.toISOString(), most],
  );
  return rows.map((row) => ({
    id: row.id,
    userKey: row.user_key,
    userId: row.user_id,
    kind: row.kind,
    payload: row.payload,
    createdAt: row.created_at,
  }));
}

export async function removeRows(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await sql.query('DELETE FROM outbox WHERE id = ANY ($1::bigint[])', [ids]);
}

export async function postponeRows(sql: Sql, later: ReadonlyMap<number, Instant>): Promise<void> {
  if (later.size === 0) return;
  await sql.query(
    `UPDATE outbox o SET due_at = l.due_at FROM unnest($1::bigint[], $2::timestamptz[]) AS l (id, due_at)
     WHERE o.id = l.id`,
    [[...later.keys()], [...later.values()].map(formatInstant)],
  );
}

/** Puts a row aside that cannot be told, longer each time; what nobody repairs is deleted by its age. */
export async function blameRow(sql: Sql, id: number, now: Date): Promise<void> {
  await sql.query(
    `UPDATE outbox SET failures = failures + 1,
       due_at = $2::timestamptz + least(interval '1 second' * 4 ^ least(failures + 1, 6), ${LONGEST_PAUSE})
     WHERE id = $1`,
    [id, now.toISOString()],
  );
}

/** Throws away what was announced while nobody is to hear anything. Returns how many rows. */
export async function discardAll(sql: Sql): Promise<number> {
  const rows = await sql.query('DELETE FROM outbox WHERE id IN (SELECT id FROM outbox LIMIT 10000) RETURNING 1');
  return rows.length;
}
