import type { Sql } from '#libs/database';
import type { UserTable } from '../users/user-tables.js';

/** How the rows of one table are read in order, page by page. */
export interface ExportedTable {
  readonly table: UserTable;
  /** Columns that order the rows, and their types. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
  /** Columns that are read: those of the key and all that are exported. */
  readonly columns: readonly string[];
  /** Columns of the key that are not exported. */
  readonly omit: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  /** Place in the primary key; null outside of it. */
  readonly place: number | null;
}

const COLUMNS = `
  SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, array_position(i.indkey::int2[], a.attnum) AS place
  FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
  WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`;

/** Of no use to anybody, or to a thief only. */
const SECRET = /(_encrypted|_sealed|_hash)$|^sealed$/;
/** The row's place, where a table has no primary key. */
const PLACE = { name: 'ctid', type: 'tid' };

/** Looks into the catalogue, so that a new column is exported without anybody thinking of it, unless it is a secret. */
export async function exportedTable(sql: Sql, table: UserTable): Promise<ExportedTable> {
  const columns = await sql.query<Column>(COLUMNS, [table.table]);
  const key = columns
    .filter(({ name, place }) => place !== null && name !== table.by)
    .sort((one, two) => one.place! - two.place!)
    .map(({ name, type }) => ({ name, type }));
  const hidden = columns.filter(({ name, type }) => type === 'bytea' || SECRET.test(name)).map(({ name }) => name);
  const omit = new Set([...hidden, 'user_key', ...(table.omit ?? [])]);
  const isKey = (name: string): boolean => key.some((part) => part.name === name);
  return {
    table,
    key: key.length > 0 ? key : [PLACE],
    columns: columns.map(({ name }) => name).filter((name) => !omit.has(name) || isKey(name)),
    omit: [...omit].filter(isKey),
  };
}
