import pg from 'pg';
import { DataSource } from 'typeorm';
import { connectionOptions } from './connection-options.js';
import { connectionProblem, DatabaseProblem, describeUrl } from './database-problem.js';

/** The oldest PostgreSQL that has everything the schema and the queries use. */
export const MINIMUM_POSTGRES_MAJOR = 18;

const MIGRATION_LOCK = 1_764_000_001;
const CONNECT_TIMEOUT_MS = 10_000;
const HOUR_SECONDS = 3600;

/**
 * Brings the schema up to date and answers the names of the migrations that ran. Callers that start together take
 * turns.
 * @throws DatabaseProblem when the database is not reachable or too old
 */
export async function migrate(url: string): Promise<string[]> {
  const guard = new pg.Client({
    connectionString: url,
    application_name: 'platform-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  try {
    await guard.connect();
  } catch (error) {
    throw connectionProblem(url, error);
  }
  try {
    await assertVersion(guard, url);
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await runPending(url);
  } finally {
    // The lock falls with its connection.
    await guard.end();
  }
}

async function assertVersion(client: pg.Client, url: string): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  const problem = versionProblem(Number(rows[0]!.server_version_num), url);
  if (problem) throw problem;
}

/** `versionNumber` as PostgreSQL counts: 180004 is 18.4. */
export function versionProblem(versionNumber: number, url: string): DatabaseProblem | null {
  const major = Math.floor(versionNumber / 10_000);
  if (major >= MINIMUM_POSTGRES_MAJOR) return null;
  return new DatabaseProblem(
    `PostgreSQL ${MINIMUM_POSTGRES_MAJOR} or newer is required; ${describeUrl(url)} runs ${major}.${versionNumber % 10_000}.`,
  );
}

async function runPending(url: string): Promise<string[]> {
  const settings = { url, poolSize: 1, applicationName: 'platform-migrate', statementSeconds: HOUR_SECONDS };
  const dataSource = await new DataSource(connectionOptions(settings)).initialize();
  try {
    const executed = await dataSource.runMigrations({ transaction: 'each' });
    return executed.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}
