import { DataSource } from 'typeorm';
import type { AppConfig } from '#libs/config';
import { connectionOptions, Database, migrate } from '#libs/database';
import { bootstrapIdentity, type BootstrapResult } from '#libs/identity';
import { logger } from '#libs/observability';
import { migrateQueue } from '#libs/queue';

/** Brings our tables and the queue's up to date. */
export async function migrateAll(url: string, redisUrl: string | null): Promise<void> {
  const executed = await migrate(url);
  if (redisUrl === null) await migrateQueue(url);
  if (executed.length > 0) logger().info({ migrations: executed }, 'database_migrated');
}

/** Creates the first developer and API key where there are none. */
export async function bootstrap(url: string, config: AppConfig): Promise<BootstrapResult> {
  const settings = { url, poolSize: 1, applicationName: 'platform-bootstrap', statementSeconds: 30 };
  const dataSource = await new DataSource(connectionOptions(settings)).initialize();
  try {
    return await bootstrapIdentity(new Database(dataSource), config);
  } finally {
    await dataSource.destroy();
  }
}
