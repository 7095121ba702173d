import { logger } from './logger.js';

const PATIENCE_MS = 25_000;
/** npm repeats the terminal's Ctrl-C to us; that is not somebody asking a second time. */
const REPEATED_WITHIN_MS = 1000;

/**
 * Ends the process when it is told to (SIGTERM, SIGINT) or when the parent that started it is gone: `stop` finishes
 * what runs and closes everything. A second signal, or more than 25 seconds, ends it at once.
 */
export function stopWhenTold(stop: () => Promise<void>): void {
  let stoppingSinceMs: number | null = null;
  const told = (reason: string): void => {
    if (stoppingSinceMs !== null) {
      if (Date.now() - stoppingSinceMs > REPEATED_WITHIN_MS) process.exit(1);
      return;
    }
    stoppingSinceMs = Date.now();
    logger().info({ reason }, 'stopping');
    setTimeout(() => {
      logger().error('stop_took_too_long');
      process.exit(1);
    }, PATIENCE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger().error({ error }, 'stop_failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => told('SIGTERM'));
  process.on('SIGINT', () => told('SIGINT'));
  process.once('disconnect', () => {
    if (stoppingSinceMs === null) told('parent gone');
  });
}
