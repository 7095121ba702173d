import type { AppConfig } from '#libs/config';
import { EmbeddedDatabase } from '#libs/embedded-postgres';
import { logger } from '#libs/observability';

const RESTART_WAIT_MS = 500;

/** The database of this platform: the one at DATABASE_URL, or the embedded one, kept running until `stop()`. */
export class DatabaseServer {
  private embedded: EmbeddedDatabase | null = null;
  private stopping = false;

  constructor(private readonly config: Pick<AppConfig, 'databaseUrl' | 'dataDir'>) {}

  get isEmbedded(): boolean {
    return this.embedded !== null;
  }

  /** Starts the embedded server where one is needed. Answers the URL. */
  async start(): Promise<string> {
    if (this.config.databaseUrl !== null) return this.config.databaseUrl;
    const embedded = new EmbeddedDatabase({
      dataDir: this.config.dataDir,
      onLog: (line) => {
        if (!this.stopping) logger().warn({ line }, 'postgres');
      },
    });
    const url = await embedded.start();
    this.embedded = embedded;
    this.keepRunning(embedded);
    return url;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.embedded?.stop();
  }

  private keepRunning(embedded: EmbeddedDatabase): void {
    embedded.onExit(() => {
      if (this.stopping) return;
      logger().error('postgres_ended');
      void this.restart(embedded);
    });
  }

  /** Comes back under the same URL; the others reconnect by themselves. */
  private async restart(embedded: EmbeddedDatabase): Promise<void> {
    try {
      await embedded.start();
      this.keepRunning(embedded);
      logger().info('postgres_restarted');
    } catch (error) {
      logger().error({ error }, 'postgres_restart_failed');
      if (!this.stopping) setTimeout(() => void this.restart(embedded), RESTART_WAIT_MS);
    }
  }
}
