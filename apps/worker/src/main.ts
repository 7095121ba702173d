import { loadConfig } from '#libs/config';
import { configureLogging, logger, startProcessMetrics, stopWhenTold } from '#libs/observability';
import { createWorker } from './create-worker.js';

const config = loadConfig(process.env);
configureLogging({ level: config.logLevel, service: 'worker' });
startProcessMetrics();
const worker = await createWorker(config);
stopWhenTold(() => worker.close());
logger().info('worker_ready');
process.send?.('ready');
