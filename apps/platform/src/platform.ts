import { fileURLToPath } from 'node:url';
import type { AppConfig } from '#libs/config';
import { logger } from '#libs/observability';
import { banner } from './banner.js';
import { ChildService } from './child-service.js';
import { InstanceLock } from './instance-lock.js';
import { bootstrap, migrateAll, PlatformDatabase } from './platform-database.js';
import { assertPortIsFree } from './port-check.js';

const scriptOf = (app: string): string => fileURLToPath(new URL(`../../${app}/src/main.js`, import.meta.url));

/** Everything in one command: the database, the API and the worker, started and stopped in their order. */
export class Platform {
  private lock: InstanceLock | null = null;
  private readonly database: PlatformDatabase;
  private services: ChildService[] = [];

  constructor(
    private readonly config: AppConfig,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.database = new PlatformDatabase(config);
  }

  /** Starts everything and answers what to show the person who started it. What was started is stopped by `stop()`. */
  async start(): Promise<string> {
    const { config } = this;
    this.lock = await InstanceLock.take(config.dataDir);
    await assertPortIsFree('PORT', config.port, config.host);
    if (config.workerPort !== null) await assertPortIsFree('WORKER_PORT', config.workerPort, config.host);
    const url = await this.database.start();
    await migrateAll(url, config.redisUrl);
    await this.startServices(url);
    // Last of all, so that whoever gets the first key can use it at once and no start that fails swallows it.
    const result = await bootstrap(url, config);
    return banner({ config, isEmbedded: this.database.isEmbedded, bootstrap: result, now: new Date() });
  }

  /** Drains API and worker, then stops the database. */
  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.database.stop();
    this.lock?.release();
    logger().info('stopped');
  }

  /** Ends everything without draining; committed data is safe all the same. */
  async kill(): Promise<void> {
    await Promise.all(this.services.map((service) => service.kill()));
    await this.database.stop();
    this.lock?.release();
  }

  private async startServices(databaseUrl: string): Promise<void> {
    const env = { ...this.env, DATABASE_URL: databaseUrl, DATA_DIR: this.config.dataDir };
    this.services = ['api', 'worker'].map((name) => new ChildService(name, scriptOf(name), env));
    await Promise.all(this.services.map((service) => service.start()));
  }
}
