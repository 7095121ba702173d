import type { Sql, UserRef } from '#libs/database';
import { nameIn, ownedBy } from '../users/user-tables.js';
import type { ExportedTable } from './exported-table.js';

const ROWS_PER_PAGE = 4000;
const HEAVY_ROWS_PER_PAGE = 5;

interface Row {
  /** The row as JSON text. */
  readonly line: string;
  readonly key: readonly string[];
}

/**
 * A user's rows of one table as lines of JSON, a page of lines at a time. One short statement per page: no connection
 * is held while somebody reads slowly.
 */
export async function* tableRows(db: Sql, exported: ExportedTable, user: UserRef): AsyncGenerator<string[]> {
  const { table, key, columns, omit } = exported;
  const limit = table.isHeavy ? HEAVY_ROWS_PER_PAGE : ROWS_PER_PAGE;
  const names = key.map(({ name }) => name).join(', ');
  const after = `(${names}) > (${key.map(({ type }, index) => `$${index + 4}::${type}`).join(', ')})`;
  const texts = key.map(({ name }) => `${name === 'ctid' ? 'row_place' : name}::text`).join(', ');
  // The page first and JSON afterwards: JSON is costly, and would be made of every row before they are sorted. Of raw
  // bytes, which may be larger than any JSON, not even the page knows.
  const page = (place: string): string =>
    `SELECT (to_jsonb(t) - 'row_place' - $2::text[])::text AS line, ARRAY[${texts}] AS key
     FROM (SELECT ${columns.join(', ')}, ctid AS row_place FROM ${table.table}
           WHERE ${ownedBy(table, '$1')} ${place} ORDER BY ${names} LIMIT $3) t`;
  const owner = nameIn(table, user);
  let last: readonly string[] | null = null;
  for (;;) {
    const rows: Row[] = await db.query<{ line: string; key: string[] }>(page(last === null ? '' : `AND ${after}`), [
      owner,
      omit,
      limit,
      ...(last ?? []),
    ]);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    if (rows.length < limit) return;
    last = rows[rows.length - 1]!.key;
  }
}
