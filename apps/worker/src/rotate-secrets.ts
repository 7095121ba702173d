/**
 * Encrypts every stored secret under the first key of ENCRYPTION_KEYS: `npm run secrets:rotate`. Values that do not
 * open are printed, one line each, and make it end with 1. Can be stopped and run again at any time.
 */
import { DataSource } from 'typeorm';
import { loadConfig } from '#libs/config';
import { connectionOptions, Database } from '#libs/database';
import { rotateSecrets, SEALED_COLUMNS, secretBoxOf } from '#libs/secrets';

const STATEMENT_SECONDS = 300;

const config = loadConfig(process.env);
if (config.databaseUrl === null) throw new Error('DATABASE_URL is not set.');
const dataSource = await new DataSource(
  connectionOptions({
    url: config.databaseUrl,
    poolSize: 1,
    applicationName: 'platform-rotate-secrets',
    statementSeconds: STATEMENT_SECONDS,
  }),
).initialize();
try {
  const { resealed, problems } = await rotateSecrets(new Database(dataSource), secretBoxOf(config), SEALED_COLUMNS);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${resealed} secrets encrypted anew, ${problems.length} do not open\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await dataSource.destroy();
}
