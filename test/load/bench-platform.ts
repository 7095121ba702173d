import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { connectionOptions, Database, migrate } from '#libs/database';
import { EmbeddedDatabase } from '#libs/embedded-postgres';
import { ApiKeys, ApiKeysRepository } from '#libs/identity';
import { API_FLAGS } from '#libs/observability';
import { migrateQueue } from '#libs/queue';
import { parentOf } from './process-usage.js';

/** The platform as it runs on one machine: embedded PostgreSQL, one API and one worker process, default settings. */
export interface BenchPlatform {
  readonly db: Database;
  readonly url: string;
  readonly apiKey: string;
  readonly pids: { readonly api: number; readonly worker: number; readonly postgres: number };
  /** Kills the worker without a word and starts another. */
  restartWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface PlatformOptions {
  /** Environment variables of the API and the worker. */
  readonly settings?: Record<string, string>;
  /** Where the API and the worker leave their processor profiles when they end. */
  readonly profileDir?: string | undefined;
}

/** Starts everything on fresh files. */
export async function startPlatform({ settings, profileDir }: PlatformOptions = {}): Promise<BenchPlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ingest-bench-'));
  const server = new EmbeddedDatabase({ dataDir, onLog: (line) => console.error(line) });
  const databaseUrl = await server.start();
  await migrate(databaseUrl);
  await migrateQueue(databaseUrl);
  const dataSource = await new DataSource(
    connectionOptions({ url: databaseUrl, poolSize: 2, applicationName: 'bench', statementSeconds: 600 }),
  ).initialize();
  const db = new Database(dataSource);
  const { key } = await new ApiKeys(new ApiKeysRepository(db)).create({ name: 'bench' }, null);
  const port = await freePort();
  const env = {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_CALLER: '100000000',
    ...settings,
  };
  const flags = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const api = await startProcess('api', env, [...API_FLAGS, ...flags]);
  let worker = await startProcess('worker', env, flags);
  const [backend] = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return {
    db,
    url: `http://127.0.0.1:${port}`,
    apiKey: key,
    pids: { api: api.pid!, worker: worker.pid!, postgres: parentOf(backend!.pid) },
    restartWorker: async () => {
      await stop(worker, 'SIGKILL');
      worker = await startProcess('worker', env, flags);
    },
    close: async () => {
      for (const child of [api, worker]) await stop(child);
      await dataSource.destroy();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startProcess(name: string, env: Record<string, string>, execArgv: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, `../../bundle/apps/${name}/src/main.js`), [], {
    execArgv,
    env: { PATH: process.env['PATH'], ACCESS_LOG_LEVEL: 'errors', ...env },
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended while it started`)));
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return child;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
