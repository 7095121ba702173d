import type { AppConfig } from '#libs/config';
import { configureLogging, growHeapSlowly, logger, startProcessMetrics } from '#libs/observability';
import { createApi } from './create-api.js';
import { stopGracefully } from './stop-gracefully.js';

/** Serves the API until the process is told to stop. Resolves when it listens. */
export async function serveApi(config: AppConfig): Promise<void> {
  // What a thousand streams leave behind while they are opened is gone soon.
  growHeapSlowly(50);
  configureLogging({ level: config.logLevel, service: 'api' });
  startProcessMetrics();
  const app = await createApi(config);
  stopGracefully(app);
  await app.listen(config.port, config.host);
  logger().info({ host: config.host, port: config.port }, 'api_listening');
}
