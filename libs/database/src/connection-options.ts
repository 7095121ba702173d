import type { DataSourceOptions } from 'typeorm';
import { ENTITIES } from './entities/entities.js';
import { MIGRATIONS } from './migration-list.js';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

export interface ConnectionSettings {
  readonly url: string;
  readonly poolSize: number;
  /** How the connections are called in `pg_stat_activity`. */
  readonly applicationName: string;
  /** A statement that runs longer is stopped. */
  readonly statementSeconds: number;
}

const IDLE_IN_TRANSACTION_SECONDS = 120;
const CONNECT_TIMEOUT_MS = 10_000;

/** Every session speaks UTC: timestamps come back as text and are taken as UTC. */
export function connectionOptions(settings: ConnectionSettings): PostgresOptions {
  const session = {
    TimeZone: 'UTC',
    // Compiling a statement costs more than the short ones here take.
    jit: 'off',
    statement_timeout: `${settings.statementSeconds}s`,
    idle_in_transaction_session_timeout: `${IDLE_IN_TRANSACTION_SECONDS}s`,
  };
  return {
    type: 'postgres',
    url: settings.url,
    poolSize: settings.poolSize,
    applicationName: settings.applicationName,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    synchronize: false,
    migrationsRun: false,
    logging: false,
    // The migrations own the schema, extensions included.
    installExtensions: false,
    extra: {
      options: Object.entries(session)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      keepAlive: true,
    },
  };
}
