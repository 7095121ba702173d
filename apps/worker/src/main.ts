import { loadConfig } from '#libs/config';
import { runWorker } from './run-worker.js';

await runWorker(loadConfig(process.env));
process.send?.('ready');
