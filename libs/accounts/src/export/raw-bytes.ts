import type { Sql, UserRef } from '#libs/database';
import { nameIn, ownedBy, type UserTable } from '../users/user-tables.js';

const CHUNK_BYTES = 1024 * 1024;

/** Names of a user's values of raw bytes in a table. */
export async function namesOfBytes(db: Sql, table: UserTable, user: UserRef): Promise<string[]> {
  if (table.bytes === undefined) return [];
  const { column, name } = table.bytes;
  const rows = await db.query<{ name: string }>(
    `SELECT ${name}::text AS name FROM ${table.table} WHERE ${ownedBy(table, '$1')} AND ${column} IS NOT NULL ORDER BY 1`,
    [nameIn(table, user)],
  );
  return rows.map((row) => row.name);
}

/** Keys of the stored objects that a user's rows of a table name. */
export async function objectsOf(db: Sql, table: UserTable, user: UserRef): Promise<string[]> {
  const { file } = table;
  if (file === undefined) return [];
  const rows = await db.query<{ key: string }>(
    `SELECT ${file} AS key FROM ${table.table} WHERE ${ownedBy(table, '$1')} AND ${file} IS NOT NULL ORDER BY 1`,
    [nameIn(table, user)],
  );
  return rows.map(({ key }) => key);
}

/** One value, a megabyte at a time. Ends early when the row goes meanwhile. */
export async function* rawBytes(db: Sql, table: UserTable, name: string): AsyncGenerator<Buffer> {
  if (table.bytes === undefined) return;
  const chunk = `SELECT substring(${table.bytes.column} FROM $2 FOR ${CHUNK_BYTES}) AS chunk FROM ${table.table}
    WHERE ${table.bytes.name}::text = $1`;
  for (let from = 1; ; from += CHUNK_BYTES) {
    const [row] = await db.query<{ chunk: Buffer | null }>(chunk, [name, from]);
    if (!row?.chunk?.length) return;
    yield row.chunk;
  }
}
