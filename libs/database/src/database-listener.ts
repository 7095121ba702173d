import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type AppConfig } from '#libs/config';

const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** What a listener hears. */
export interface Hearing {
  /** The payload of one NOTIFY of a committed transaction; they come in the order of the commits. */
  heard(payload: string): void;
  /** Listening began, at first or again: whatever was told before was not heard. */
  began(): void;
}

/**
 * LISTEN on one channel, on one connection of its own for the whole process. A lost connection is opened again for as
 * long as it takes.
 */
@Injectable()
export class DatabaseListener implements OnModuleDestroy {
  private readonly logger = new Logger(DatabaseListener.name);
  private client: pg.Client | null = null;
  private waitMs = FIRST_WAIT_MS;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(@Inject(CONFIG) private readonly config: Pick<AppConfig, 'databaseUrl'>) {}

  get isListening(): boolean {
    return this.client !== null;
  }

  /** To be called once; channels are names of this code, not input. */
  listen(channel: string, hearing: Hearing): void {
    void this.connect(channel, hearing);
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.client?.end();
  }

  private async connect(channel: string, hearing: Hearing): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl ?? undefined,
      application_name: 'listener',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => hearing.heard(payload ?? ''));
    client.on('error', (error) => this.lost(client, error, channel, hearing));
    client.on('end', () => this.lost(client, null, channel, hearing));
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      this.lost(client, error, channel, hearing);
      return;
    }
    this.begin(client, hearing);
  }

  private begin(client: pg.Client, hearing: Hearing): void {
    if (this.isClosed) {
      void client.end();
      return;
    }
    this.client = client;
    this.waitMs = FIRST_WAIT_MS;
    hearing.began();
  }

  /** A connection may report its loss more than once. */
  private lost(client: pg.Client, error: unknown, channel: string, hearing: Hearing): void {
    client.removeAllListeners('end');
    if (this.isClosed || this.timer !== undefined) return;
    this.logger.warn(`listening to ${channel} was interrupted: ${error instanceof Error ? error.message : 'closed'}`);
    this.client = null;
    client.end().catch(() => undefined);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.connect(channel, hearing);
    }, this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }
}
