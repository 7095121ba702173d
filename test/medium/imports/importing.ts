import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule, loadConfig, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { ImportDesk, ImportDeskModule, ImportRunModule, ImportRunner } from '#libs/imports';
import { configureLogging } from '#libs/observability';
import type { JsonObject } from '#libs/model';
import { QueueModule } from '#libs/queue';
import { StorageModule } from '#libs/storage';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type Given } from '../../support/given.js';

export interface TaskRow {
  readonly state: string;
  readonly progress: number | null;
  readonly result: JsonObject | null;
  readonly error: string | null;
  readonly run_id: string;
}

/** Desk and runner on a database of their own; nobody takes jobs, so that a spec decides when an import runs. */
export interface Importing {
  readonly database: TestDatabase;
  readonly given: Given;
  readonly app: INestApplicationContext;
  readonly config: AppConfig;
  readonly runner: ImportRunner;
  /** Takes a file in; answers the id of its import and task. */
  receive(userId: string, content: Buffer): Promise<string>;
  /** Takes a file in and imports it. */
  import(userId: string, content: Buffer): Promise<TaskRow>;
  task(id: string): Promise<TaskRow>;
  close(): Promise<void>;
}

@Module({ imports: [ImportDeskModule, ImportRunModule] })
class ImportingModule {}

export async function openImporting(changes: Partial<AppConfig> = {}): Promise<Importing> {
  const database = await openTestDatabase();
  const dataDir = await mkdtemp(join(process.env['TEST_SCRATCH_DIR'] ?? tmpdir(), 'imports-'));
  const environment = { ENVIRONMENT: 'test', DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' };
  const config = { ...loadConfig(environment), ...changes };
  // Many of these specs break things on purpose.
  configureLogging({ level: 'silent', service: 'test' });
  const imports = [
    ConfigModule.forRoot(config),
    DatabaseModule.forRoot({ applicationName: 'imports' }),
    QueueModule.forRoot(config),
    StorageModule.forRoot(),
  ];
  const app = await NestFactory.createApplicationContext({ module: ImportingModule, imports }, { logger: false });
  const runner = app.get(ImportRunner);
  const task = async (id: string): Promise<TaskRow> =>
    (
      await database.db.query<TaskRow>('SELECT state, progress, result, error, run_id FROM task WHERE id = $1', [id])
    )[0]!;
  const receive = (userId: string, content: Buffer): Promise<string> =>
    app.get(ImportDesk).receive(userId, {
      headers: { 'content-type': 'application/octet-stream' },
      body: { stream: Readable.from([content]), encoding: undefined, declaredBytes: content.length },
    });
  return {
    database,
    given: given(database.db),
    app,
    config,
    runner,
    receive,
    task,
    import: async (userId, content) => {
      const id = await receive(userId, content);
      await runner.run(id);
      return task(id);
    },
    close: async () => {
      await app.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
