import { setPriority } from 'node:os';
import type { AppConfig } from '#libs/config';
import { configureLogging, growHeapSlowly, logger, startProcessMetrics, stopWhenTold } from '#libs/observability';
import { createWorker } from './create-worker.js';

/** Where API and worker share a machine, whoever waits for an answer goes first. Alone it makes no difference. */
const NICENESS = 5;

/** Takes jobs until the process is told to stop. Resolves when the first can be taken. */
export async function runWorker(config: AppConfig): Promise<void> {
  growHeapSlowly(100);
  configureLogging({ level: config.logLevel, service: 'worker' });
  startProcessMetrics();
  const worker = await createWorker(config);
  setPriority(NICENESS);
  stopWhenTold(() => worker.close());
  logger().info('worker_ready');
}
