import { loadConfig, type AppConfig } from '#libs/config';
import { configureLogging } from '#libs/observability';
import { serveApi } from '../../api/src/serve.js';
import { answerParent } from './part.js';
import { bootstrap, migrateAll } from './prepare-database.js';

const configWith = (databaseUrl: string): AppConfig =>
  loadConfig({ ...process.env, DATABASE_URL: databaseUrl }, { bootstraps: true });

/** The API of the platform. It prepares the database too: it has loaded what that takes, and the parent stays light. */
answerParent({
  prepare: (databaseUrl) => {
    const { logLevel, redisUrl } = configWith(databaseUrl);
    configureLogging({ level: logLevel, service: 'api' });
    return migrateAll(databaseUrl, redisUrl);
  },
  serve: (databaseUrl) => serveApi(configWith(databaseUrl)),
  bootstrap: (databaseUrl) => bootstrap(databaseUrl, configWith(databaseUrl)),
});
