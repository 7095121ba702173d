import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createCluster, hasCluster, SUPERUSER } from './cluster.js';
import { databaseHome } from './database-home.js';
import { freePort } from './free-port.js';
import { stopLeftOverServer } from './left-over-server.js';
import { serverAccount } from './server-account.js';
import { serverBinaries } from './server-binaries.js';
import { newPassword, readPassword } from './server-password.js';
import { ServerProcess } from './server-process.js';

export interface EmbeddedDatabaseOptions {
  /** Absolute; created when missing. */
  readonly dataDir: string;
  /** Receives the server's warnings and errors, line by line. */
  readonly onLog: (line: string) => void;
}

const DATABASE = 'platform';
const START_TRIES = 12;
const BETWEEN_TRIES_MS = 500;

/** The PostgreSQL that comes with the packages: one server per data directory, on 127.0.0.1 only. */
export class EmbeddedDatabase {
  private server: ServerProcess | null = null;
  private port = 0;
  private password = '';

  constructor(private readonly options: EmbeddedDatabaseOptions) {}

  /** Where clients connect, password included. */
  get url(): string {
    return this.urlOf(DATABASE);
  }

  /**
   * Starts the server and answers its URL. The first start creates the data files; a later one takes over from a server
   * that a killed platform left behind. A server that was started before comes back under the same URL.
   * @throws OperatorProblem with one sentence for the operator
   */
  async start(): Promise<string> {
    const account = serverAccount();
    const home = databaseHome(this.options.dataDir, account);
    const directory = join(home, 'postgres');
    const passwordFile = join(this.options.dataDir, 'postgres-password');
    const isNew = !hasCluster(directory);
    const { initdb, postgres } = serverBinaries(home, account);
    if (isNew) {
      this.password = newPassword(passwordFile);
      await createCluster(directory, { initdb, password: this.password, account });
    } else {
      this.password = readPassword(passwordFile);
      await stopLeftOverServer(directory);
    }
    this.server = await this.startServer({ postgres, directory, account });
    await this.createDatabase();
    return this.url;
  }

  /** Calls `listener` when the running server ends. */
  onExit(listener: () => void): void {
    this.server?.onExit(listener);
  }

  /** Stops the server after everything is on disk. Does nothing when it does not run. */
  async stop(): Promise<void> {
    await this.server?.stop();
    this.server = null;
  }

  /** Parts of a just-killed server may hold its files for a moment, and a free port may be taken by somebody else. */
  private async startServer(
    plan: Pick<Parameters<typeof ServerProcess.start>[0], 'postgres' | 'directory' | 'account'>,
  ): Promise<ServerProcess> {
    const knownPort = this.port;
    for (let tries = 1; ; tries++) {
      this.port = knownPort || (await freePort());
      try {
        return await ServerProcess.start({
          ...plan,
          port: this.port,
          url: this.urlOf('postgres'),
          onLog: this.options.onLog,
        });
      } catch (error) {
        if (tries >= START_TRIES) throw error;
        await pause(BETWEEN_TRIES_MS);
      }
    }
  }

  private async createDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    } finally {
      await client.end();
    }
  }

  private urlOf(database: string): string {
    return `postgresql://${SUPERUSER}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }
}
