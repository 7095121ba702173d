import { loadConfig } from '#libs/config';
import { configureLogging } from '#libs/observability';
import { bootstrap, migrateAll } from './prepare-database.js';
import { explain, StartProblem } from './start-problem.js';

/** Prepares the database at DATABASE_URL for the release that runs next: tables, and the first developer and key. */
async function run(): Promise<void> {
  const config = loadConfig(process.env, { bootstraps: true });
  configureLogging({ level: config.logLevel, service: 'migrate' });
  if (config.databaseUrl === null) throw new StartProblem('DATABASE_URL is required.');
  await migrateAll(config.databaseUrl, config.redisUrl);
  const { adminEmail, adminPassword, apiKey } = await bootstrap(config.databaseUrl, config);
  if (adminPassword !== undefined)
    process.stdout.write(`Admin ${adminEmail}, password ${adminPassword} (shown this once)\n`);
  if (apiKey !== undefined) process.stdout.write(`API key ${apiKey} (shown this once)\n`);
}

await run().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
