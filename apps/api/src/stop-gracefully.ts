import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { logger } from '#libs/observability';

const DRAIN_MS = 10_000;

/**
 * Ends the process when it is told to (SIGTERM, SIGINT) or when the parent that started it is gone: no new
 * connections, running requests get ten seconds, then everything is closed.
 */
export function stopGracefully(app: INestApplication): void {
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger().info({ reason }, 'api_stopping');
    const server = app.getHttpServer() as Server;
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger().error({ error }, 'api_stop_failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('disconnect', () => stop('parent gone'));
}
