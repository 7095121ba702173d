import { loadConfig } from '#libs/config';
import { configureLogging, logger } from '#libs/observability';
import { Platform } from './platform.js';
import { explain } from './start-problem.js';

/** npm repeats the terminal's Ctrl-C to us; that is not somebody asking a second time. */
const REPEATED_WITHIN_MS = 1000;

async function run(): Promise<void> {
  const config = loadConfig(process.env, { bootstraps: true });
  configureLogging({ level: config.logLevel, service: 'platform' });
  const platform = new Platform(config, process.env);
  const stopping: { sinceMs: number | null } = { sinceMs: null };
  const started = platform.start();
  const stop = (signal: string): void => {
    if (stopping.sinceMs !== null) {
      if (Date.now() - stopping.sinceMs > REPEATED_WITHIN_MS) void platform.kill().finally(() => process.exit(1));
      return;
    }
    stopping.sinceMs = Date.now();
    logger().info({ reason: signal }, 'stopping');
    // What is just being started is stopped once it stands.
    void started.then(() => platform.stop()).then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    const banner = await started;
    if (stopping.sinceMs === null) process.stdout.write(banner);
  } catch (error) {
    await platform.kill();
    throw error;
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

await run().catch(fail);
