import { loadConfig } from '#libs/config';
import { runWorker } from '../../worker/src/run-worker.js';
import { answerParent } from './part.js';

/** The worker of the platform. */
answerParent({
  serve: (databaseUrl) => runWorker(loadConfig({ ...process.env, DATABASE_URL: databaseUrl })),
});
