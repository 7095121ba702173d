import type { Sql } from './database.js';
import { MIGRATIONS } from './migration-list.js';

export interface DatabaseHealth {
  readonly reachable: boolean;
  /** False too when that could not be found out. */
  readonly migrated: boolean;
}

const PATIENCE_MS = 2000;

/** Whether the database answers within two seconds, and whether all migrations ran. Never throws. */
export async function databaseHealth(sql: Sql): Promise<DatabaseHealth> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  try {
    const names = await Promise.race([executedMigrations(sql), impatience]);
    if (names === null) return { reachable: false, migrated: false };
    return { reachable: true, migrated: MIGRATIONS.every(({ name }) => names.has(name)) };
  } catch {
    return { reachable: false, migrated: false };
  } finally {
    clearTimeout(timer);
  }
}

async function executedMigrations(sql: Sql): Promise<Set<string>> {
  const [state] = await sql.query<{ exists: boolean }>(`SELECT to_regclass('migrations') IS NOT NULL AS exists`);
  if (!state?.exists) return new Set();
  const rows = await sql.query<{ name: string }>('SELECT name FROM migrations');
  return new Set(rows.map(({ name }) => name));
}
