import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import pg from 'pg';

/** BullMQ's own namespace, apart from our tables. */
const SCHEMA = 'bullmq';
const STATEMENT_SECONDS = 30;
const CONNECT_TIMEOUT_MS = 5000;

/** A small pool whose sessions see only the queue's tables, which are brought up to date first. */
export async function openPostgresPool(url: string, size: number): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: 'platform-queue',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // Jobs only say that there is work, which itself stands in tables: losing the last of them is no harm, waiting for
    // the disk several times per job is.
    options: `-c search_path=${SCHEMA} -c TimeZone=UTC -c statement_timeout=${STATEMENT_SECONDS}s -c synchronous_commit=off`,
  });
  // Every queue and every worker listens for its errors.
  pool.setMaxListeners(0);
  // An idle connection that is lost is replaced by the next use; unheard, the event would end the process.
  pool.on('error', () => undefined);
  try {
    await ensureSchema(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Creates or updates the queue's tables in the database at `url`. */
export async function migrateQueue(url: string): Promise<void> {
  const pool = await openPostgresPool(url, 1);
  await pool.end();
}

async function ensureSchema(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    if ((await schemaVersion(client)) < LATEST_SCHEMA_VERSION) await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

async function schemaVersion(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    `${SCHEMA}.migration`,
  ]);
  return rows[0]?.exists ? assertSchemaCompatibility(client, SCHEMA) : 0;
}
