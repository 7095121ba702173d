import type { OnApplicationShutdown } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type BackendFactory, type ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { AppConfig } from '#libs/config';
import { logger } from '#libs/observability';
import { openPostgresPool } from './postgres-connection.js';

/** Braces keep all keys of all queues in one slot of a Redis Cluster. */
export const KEY_PREFIX = '{platform}';

/** `worker` takes jobs too, `producer` only adds them. */
export type QueueRole = 'producer' | 'worker';

/** Each queue listens on a connection of its own; the rest is for taking and finishing jobs. */
const POOL_SIZE: Readonly<Record<QueueRole, number>> = { producer: 2, worker: 10 };

/**
 * Decides once where all queues of this process live: on Redis when it is configured, else on PostgreSQL. Must run
 * before any queue is made.
 */
export function chooseBackend({ redisUrl }: Pick<AppConfig, 'redisUrl'>): void {
  setDefaultBackendFactory(redisUrl === null ? (createPostgresBackend as unknown as BackendFactory) : undefined);
}

/** What the queues of this process talk through. */
export class QueueConnection implements OnApplicationShutdown {
  private constructor(
    /** For adding jobs: gives up soon, because somebody waits for the answer. */
    readonly forProducers: ConnectionOptions,
    /** For taking jobs: waits as long as it takes. */
    readonly forWorkers: ConnectionOptions,
    private readonly close: () => Promise<void>,
  ) {}

  static async open(config: Pick<AppConfig, 'redisUrl' | 'databaseUrl'>, role: QueueRole): Promise<QueueConnection> {
    if (config.redisUrl !== null) return QueueConnection.onRedis(config.redisUrl, role);
    if (config.databaseUrl === null) throw new Error('Neither DATABASE_URL nor REDIS_URL is set.');
    const pool = await openPostgresPool(config.databaseUrl, POOL_SIZE[role]);
    const connection = pool as unknown as ConnectionOptions;
    return new QueueConnection(connection, connection, () => pool.end());
  }

  private static onRedis(url: string, role: QueueRole): QueueConnection {
    const producers = openRedis(url, { maxRetriesPerRequest: 1 });
    const workers = role === 'worker' ? openRedis(url, { maxRetriesPerRequest: null }) : producers;
    return new QueueConnection(producers, workers, async () => {
      for (const client of new Set([producers, workers])) client.disconnect();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

function openRedis(url: string, options: { maxRetriesPerRequest: number | null }): Redis {
  const redis = new Redis(url, { ...options, connectionName: 'platform-queue' });
  // It reconnects by itself; one line per loss is enough.
  redis.on('error', (error: Error) => logger().warn({ error }, 'redis_connection_lost'));
  return redis;
}
