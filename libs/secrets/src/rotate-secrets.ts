import type { Database } from '#libs/database';
import { SealError } from './seal-error.js';
import type { SealedColumn } from './sealed-columns.js';
import type { SecretBox } from './secret-box.js';

const ROWS_PER_BATCH = 500;

export interface Rotation {
  /** Values sealed anew. */
  readonly resealed: number;
  /** Values that do not open, one sentence each; they stay as they are. */
  readonly problems: readonly string[];
}

interface SealedRow {
  /** Values of the key's columns as text. */
  readonly key: readonly string[];
  readonly sealed: string;
}

/**
 * Seals everything under the current key that is sealed under another. Batch by batch, skipping what is current
 * already, so a run that was stopped goes on where it was. A value that the platform changes meanwhile stays as the
 * platform wrote it.
 */
export async function rotateSecrets(
  db: Database,
  box: SecretBox,
  columns: readonly SealedColumn[],
  rowsPerBatch = ROWS_PER_BATCH,
): Promise<Rotation> {
  let resealed = 0;
  const problems: string[] = [];
  for (const column of columns) {
    const types = await keyTypes(db, column);
    let after: readonly string[] | null = null;
    for (;;) {
      const rows: SealedRow[] = await outdatedRows(db, box, column, types, after, rowsPerBatch);
      if (rows.length === 0) break;
      resealed += await reseal(db, box, column, types, rows, problems);
      after = rows[rows.length - 1]!.key;
    }
  }
  return { resealed, problems };
}

async function keyTypes(db: Database, { table, key }: SealedColumn): Promise<string[]> {
  const rows = await db.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attname = ANY ($2)`,
    [table, key],
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  return key.map((name) => types.get(name) ?? unknownColumn(table, name));
}

function unknownColumn(table: string, name: string): never {
  throw new Error(`There is no column ${table}.${name}; SEALED_COLUMNS is wrong.`);
}

function outdatedRows(
  db: Database,
  box: SecretBox,
  { table, key, column }: SealedColumn,
  types: readonly string[],
  after: readonly string[] | null,
  limit: number,
): Promise<SealedRow[]> {
  const place = `(${key.join(', ')}) > (${types.map((type, index) => `$${index + 3}::${type}`).join(', ')})`;
  return db.query<{ key: string[]; sealed: string }>(
    `SELECT ARRAY[${key.map((name) => `${name}::text`).join(', ')}] AS key, ${column} AS sealed FROM ${table}
     WHERE ${column} IS NOT NULL AND NOT starts_with(${column}, $1) ${after === null ? '' : `AND ${place}`}
     ORDER BY ${key.join(', ')} LIMIT $2`,
    [box.currentPrefix, limit, ...(after ?? [])],
  );
}

/** Writes a value only where the one it was made from still stands. */
async function reseal(
  db: Database,
  box: SecretBox,
  { table, key, column, purpose }: SealedColumn,
  types: readonly string[],
  rows: readonly SealedRow[],
  problems: string[],
): Promise<number> {
  const changes = rows.flatMap((row) => {
    try {
      return [{ ...row, renewed: box.seal(box.open(row.sealed, purpose), purpose) }];
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      problems.push(`${table}.${column} of ${row.key.join(', ')}: ${error.message}`);
      return [];
    }
  });
  if (changes.length === 0) return 0;
  const keyArrays = types.map((type, index) => `$${index + 3}::${type}[]`).join(', ');
  const sameKey = key.map((name) => `t.${name} = c.${name}`).join(' AND ');
  const updated = await db.query(
    `UPDATE ${table} t SET ${column} = c.renewed
     FROM unnest($1::text[], $2::text[], ${keyArrays}) AS c (sealed, renewed, ${key.join(', ')})
     WHERE ${sameKey} AND t.${column} = c.sealed RETURNING 1`,
    [
      changes.map(({ sealed }) => sealed),
      changes.map(({ renewed }) => renewed),
      ...key.map((_, index) => changes.map((change) => change.key[index])),
    ],
  );
  return updated.length;
}
