import type { Session, Sql, UserRef } from '#libs/database';
import type { ObjectStorage } from '#libs/storage';
import { nameIn, ownedBy, type UserTable } from '../users/user-tables.js';

export interface EmptyOptions {
  readonly user: UserRef;
  readonly rowsPerBatch: number;
  readonly storage: ObjectStorage;
  /** Runs in the transaction of every batch. */
  readonly report: (sql: Sql, rows: number, files: number) => Promise<void>;
  /** Asked after every batch. */
  readonly mayGoOn: () => boolean;
}

/** `stopped`: it was told to stop before the table was empty. `waiting`: what is left cannot go yet. */
export type Emptied = 'empty' | 'waiting' | 'stopped';

/**
 * Deletes a user's rows from a table, or from each partition of it, batch by batch, each in a transaction of its own.
 * Files go before the rows that name them, so that none is left behind whenever this is stopped.
 */
export async function emptyTable(session: Session, table: UserTable, options: EmptyOptions): Promise<Emptied> {
  for (const part of await partsOf(session, table.table)) {
    for (;;) {
      const rows = await deleteBatch(session, table, part, options);
      if (rows === 0) break;
      if (!options.mayGoOn()) return 'stopped';
    }
  }
  if (table.until === undefined) return 'empty';
  const left = await session.query(`SELECT FROM ${table.table} WHERE ${ownedBy(table, '$1')} LIMIT 1`, [
    nameIn(table, options.user),
  ]);
  return left.length === 0 ? 'empty' : 'waiting';
}

/** A row's place (ctid) says where it is within one partition only. */
async function partsOf(session: Session, table: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT coalesce(i.inhrelid::regclass::text, c.oid::regclass::text) AS name
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhparent = c.oid
     WHERE c.oid = $1::regclass AND (c.relkind <> 'p' OR i.inhrelid IS NOT NULL) ORDER BY 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function deleteBatch(
  session: Session,
  table: UserTable,
  part: string,
  { user, rowsPerBatch, storage, report }: EmptyOptions,
): Promise<number> {
  const name = nameIn(table, user);
  const rows = await session.query<{ place: string; file: string | null }>(
    `SELECT ctid::text AS place, ${table.file ?? 'NULL::text'} AS file FROM ${part}
     WHERE ${ownedBy(table, '$1')} AND NOT coalesce(${table.until ?? 'false'}, false) LIMIT $2`,
    [name, rowsPerBatch],
  );
  if (rows.length === 0) return 0;
  const files = rows.flatMap((row) => (row.file === null ? [] : [row.file]));
  let deletedFiles = 0;
  for (const key of files) if (await storage.delete(key)) deletedFiles++;
  return session.transaction(async (sql) => {
    const [gone] = await sql.query<{ count: number }>(
      `WITH gone AS (DELETE FROM ${part} WHERE ctid = ANY ($1::tid[]) AND ${ownedBy(table, '$2')} RETURNING 1)
       SELECT count(*) FROM gone`,
      [rows.map(({ place }) => place), name],
    );
    await report(sql, gone!.count, deletedFiles);
    return rows.length;
  });
}
