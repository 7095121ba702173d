import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type AppConfig } from '#libs/config';
import { connectionOptions } from './connection-options.js';
import { Database } from './database.js';

export interface DatabaseModuleOptions {
  /** How the connections are called in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** A statement that runs longer is stopped. */
  readonly statementSeconds?: number;
}

/** Connects to `CONFIG.databaseUrl` and gives every module `Database` and TypeORM's `DataSource`. */
@Module({})
export class DatabaseModule {
  static forRoot({ applicationName = 'platform', statementSeconds = 30 }: DatabaseModuleOptions = {}): DynamicModule {
    const connection = TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: ({ databaseUrl, poolSize }: AppConfig) => {
        if (databaseUrl === null) throw new Error('DATABASE_URL is not set.');
        const options = connectionOptions({ url: databaseUrl, poolSize, applicationName, statementSeconds });
        return { ...options, retryAttempts: 5, retryDelay: 1000, verboseRetryLog: false };
      },
    });
    return { module: DatabaseModule, global: true, imports: [connection], providers: [Database], exports: [Database] };
  }
}
