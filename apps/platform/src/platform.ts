import { fileURLToPath } from 'node:url';
import type { AppConfig } from '#libs/config';
import type { BootstrapResult } from '#libs/identity';
import { API_FLAGS, logger } from '#libs/observability';
import { banner } from './banner.js';
import { ChildService } from './child-service.js';
import { DatabaseServer } from './database-server.js';
import { InstanceLock } from './instance-lock.js';
import { assertPortIsFree } from './port-check.js';

const scriptOf = (part: string): string => fileURLToPath(new URL(`./${part}-part.js`, import.meta.url));

/** Everything in one command: the database, the API and the worker, started and stopped in their order. */
export class Platform {
  private lock: InstanceLock | null = null;
  private readonly database: DatabaseServer;
  private readonly api: ChildService;
  private readonly worker: ChildService;

  constructor(
    private readonly config: AppConfig,
    env: NodeJS.ProcessEnv,
  ) {
    const environment = { ...env, DATA_DIR: config.dataDir };
    this.database = new DatabaseServer(config);
    this.api = new ChildService('api', scriptOf('api'), environment, API_FLAGS);
    this.worker = new ChildService('worker', scriptOf('worker'), environment);
  }

  /** Starts everything and answers what to show the person who started it. What was started is stopped by `stop()`. */
  async start(): Promise<string> {
    const { config } = this;
    this.lock = await InstanceLock.take(config.dataDir);
    await assertPortIsFree('PORT', config.port, config.host);
    if (config.workerPort !== null) await assertPortIsFree('WORKER_PORT', config.workerPort, config.host);
    // They take longer to load than the database takes to start.
    this.api.launch();
    this.worker.launch();
    const url = await this.database.start();
    await this.api.ask('prepare', url);
    await Promise.all([this.api.serve(url), this.worker.serve(url)]);
    // Last of all, so that whoever gets the first key can use it at once and no start that fails swallows it.
    const bootstrap = await this.api.ask<BootstrapResult>('bootstrap', url);
    return banner({ config, isEmbedded: this.database.isEmbedded, bootstrap, now: new Date() });
  }

  /** Drains API and worker, then stops the database. */
  async stop(): Promise<void> {
    await Promise.all([this.api.stop(), this.worker.stop()]);
    await this.database.stop();
    this.lock?.release();
    logger().info('stopped');
  }

  /** Ends everything without draining; committed data is safe all the same. */
  async kill(): Promise<void> {
    await Promise.all([this.api.kill(), this.worker.kill()]);
    await this.database.stop();
    this.lock?.release();
  }
}
