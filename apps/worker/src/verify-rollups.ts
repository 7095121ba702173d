/**
 * Compares everything that is derived from points with the points, prints each difference as a line of JSON and ends
 * with 1 when there is any: `npm run rollups:verify`.
 */
import { DataSource } from 'typeorm';
import { loadConfig } from '#libs/config';
import { connectionOptions, Database } from '#libs/database';
import { verifyRollups } from '#libs/ingest';

const STATEMENT_SECONDS = 3600;

const { databaseUrl } = loadConfig(process.env);
if (databaseUrl === null) throw new Error('DATABASE_URL is not set.');
const dataSource = await new DataSource(
  connectionOptions({
    url: databaseUrl,
    poolSize: 1,
    applicationName: 'platform-verify-rollups',
    statementSeconds: STATEMENT_SECONDS,
  }),
).initialize();
try {
  const { checked, differences } = await verifyRollups(new Database(dataSource));
  for (const difference of differences) process.stdout.write(`${JSON.stringify(difference)}\n`);
  process.stdout.write(`${checked} derived rows compared, ${differences.length} differences\n`);
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  await dataSource.destroy();
}
