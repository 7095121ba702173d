import type { Sql } from '#libs/database';
import type { GivenUser } from './given.js';

const COLUMNS = `('user_id', 'user_key', 'user_ids', 'primary_user_id')`;

/** Tables with a column for users and all that refer to those, however far: what may hold something of a user. */
const PERSONAL = `
  WITH RECURSIVE personal (oid) AS (
    SELECT t.oid FROM information_schema.columns c JOIN pg_class t ON t.oid = c.table_name::regclass
    WHERE c.table_schema = 'public' AND c.column_name IN ${COLUMNS} AND NOT t.relispartition
    UNION SELECT 'users'::regclass::oid
    UNION SELECT k.conrelid FROM pg_constraint k JOIN personal p ON p.oid = k.confrelid
      WHERE k.contype = 'f' AND k.conparentid = 0
  )
  SELECT oid::regclass::text AS name FROM personal ORDER BY 1`;

/** Those of the personal tables that are empty. */
export async function emptyTables(db: Sql): Promise<string[]> {
  const tables = await db.query<{ name: string }>(PERSONAL);
  const rows = await db.query<{ name: string }>(
    tables.map(({ name }) => `SELECT '${name}' AS name WHERE NOT EXISTS (SELECT FROM ${name})`).join(' UNION ALL '),
  );
  return rows.map(({ name }) => name);
}

/** Rows of the user per table that has a column for users. */
export async function rowsOf(db: Sql, user: GivenUser): Promise<Record<string, number>> {
  const columns = await db.query<{ table: string; column: string }>(
    `SELECT c.table_name AS table, max(c.column_name) AS column FROM information_schema.columns c
     JOIN pg_class t ON t.oid = c.table_name::regclass AND NOT t.relispartition
     WHERE c.table_schema = 'public' AND c.column_name IN ('user_key', 'user_id', 'user_ids') GROUP BY 1 ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { table, column } of columns) {
    const condition = column === 'user_ids' ? '$1::uuid = ANY (user_ids)' : `${column} = $1`;
    const value = column === 'user_key' ? user.key : user.id;
    const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${condition}`, [value]);
    counts[table] = row!.count;
  }
  return counts;
}

/** Every table of every schema in which the user's id or mark stands, in whatever column: `table: id` or `table: mark`. */
export async function tracesOf(db: Sql, { id, mark }: { id: string; mark: string }): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    // Bytes show as hex in the text of a row, so the mark is looked for in that spelling too.
    const [row] = await db.query<{ id: boolean; mark: boolean }>(
      `SELECT coalesce(bool_or(strpos(t::text, $1) > 0), false) AS id,
         coalesce(bool_or(strpos(t::text, $2) > 0 OR strpos(t::text, $3) > 0), false) AS mark FROM ${name} t`,
      [id, mark, Buffer.from(mark).toString('hex')],
    );
    if (row!.id) found.push(`${name}: id`);
    if (row!.mark) found.push(`${name}: mark`);
  }
  return found;
}
