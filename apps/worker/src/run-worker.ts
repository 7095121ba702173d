import type { AppConfig } from '#libs/config';
import { configureLogging, growHeapSlowly, logger, startProcessMetrics, stopWhenTold } from '#libs/observability';
import { createWorker } from './create-worker.js';

/** Takes jobs until the process is told to stop. Resolves when the first can be taken. */
export async function runWorker(config: AppConfig): Promise<void> {
  growHeapSlowly();
  configureLogging({ level: config.logLevel, service: 'worker' });
  startProcessMetrics();
  const worker = await createWorker(config);
  stopWhenTold(() => worker.close());
  logger().info('worker_ready');
}
