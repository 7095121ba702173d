import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { connectionOptions, Database, migrate } from '#libs/database';

export interface TestDatabase {
  url: string;
  db: Database;
  dataSource: DataSource;
  close(): Promise<void>;
}

const TEMPLATE = 'platform_template';
const UNFINISHED_TEMPLATE = 'platform_template_unfinished';
const TEMPLATE_LOCK = 42;
const OBJECT_IN_USE = '55006';

/** A fresh, migrated database of the caller's own on the run's PostgreSQL. `close()` drops it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(async (admin) => {
    await prepareTemplate(admin);
    await createFromTemplate(admin, name);
  });
  const url = urlOf(name);
  const dataSource = await connect(url);
  return {
    url,
    db: new Database(dataSource),
    dataSource,
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

function urlOf(database: string): string {
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) throw new Error('No test PostgreSQL: only the medium and e2e projects of jest have one');
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

function connect(url: string): Promise<DataSource> {
  const settings = { url, poolSize: 10, applicationName: 'platform-test', statementSeconds: 30 };
  return new DataSource(connectionOptions(settings)).initialize();
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: urlOf('postgres') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** The first caller of a run migrates the template, all others wait for it. */
async function prepareTemplate(admin: pg.Client): Promise<void> {
  if (await exists(admin, TEMPLATE)) return;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists(admin, TEMPLATE)) return;
    await admin.query(`DROP DATABASE IF EXISTS ${UNFINISHED_TEMPLATE} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${UNFINISHED_TEMPLATE}`);
    await migrate(urlOf(UNFINISHED_TEMPLATE));
    await admin.query(`ALTER DATABASE ${UNFINISHED_TEMPLATE} RENAME TO ${TEMPLATE}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  return rowCount === 1;
}

/** The server refuses while anything, its own housekeeping included, is connected to the template. */
async function createFromTemplate(admin: pg.Client, name: string): Promise<void> {
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== OBJECT_IN_USE || triesLeft === 0) throw error;
    }
  }
}
