import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { SdkConnections, SyncRuns, type SyncFinish } from '#libs/sync';
import type { ImportOutcome, PendingImport } from '../file-import.js';
import { ImportRepository } from '../import.repository.js';
import { importMetrics } from '../metrics.js';
import { NO_PROGRESS, processedOf, type ImportProgress } from './import-progress.js';
import { importResult } from './import-result.js';
import type { Shortfall } from './export-parts.js';

const PROVIDER = 'apple';
const COMPLETED = 'Apple Health XML import completed';

/** Tells how an import begins and ends: task, sync run, connection. */
@Injectable()
export class ImportRecorder {
  constructor(
    private readonly db: Database,
    private readonly repository: ImportRepository,
    private readonly connections: SdkConnections,
    private readonly runs: SyncRuns,
  ) {}

  /** The file's coming opens the connection, as an upload of a phone does. */
  async start({ user, run_id: runId, file_name: filename }: PendingImport): Promise<void> {
    await this.db.transaction(async (sql) => {
      await this.connections.open(sql, user, PROVIDER, undefined);
      const message = `Importing Apple Health XML file ${filename}`;
      const run = {
        runId,
        userId: user.id,
        provider: PROVIDER,
        source: 'xml_import',
        message,
        metadata: { filename },
      } as const;
      await this.runs.start(run, sql);
    });
  }

  async complete(pending: PendingImport, progress: ImportProgress, shortfall: Shortfall): Promise<void> {
    const status = shortfall === null ? 'success' : 'partial';
    const message = shortfall === null ? COMPLETED : `${COMPLETED} in part: ${shortfall}`;
    const told = shortfall === null ? 'Import completed successfully' : message;
    const result = importResult(pending.user.id, status, told, progress);
    const finish = { status, message, error: shortfall, itemsProcessed: processedOf(progress) } as const;
    await this.finish(pending, { state: 'succeeded', result }, finish);
  }

  async cancel(pending: PendingImport, reached: ImportProgress | null): Promise<void> {
    const progress = reached ?? NO_PROGRESS;
    const message = 'Apple Health XML import cancelled';
    const result = importResult(pending.user.id, 'cancelled', message, progress);
    const finish = { status: 'cancelled', message, itemsProcessed: processedOf(progress) } as const;
    await this.finish(pending, { state: 'cancelled', result }, finish);
  }

  async fail(pending: PendingImport, error: string): Promise<void> {
    const message = `Apple Health XML import failed: ${pending.file_name}`;
    await this.finish(pending, { state: 'failed', error }, { status: 'failed', message, error });
  }

  private async finish(pending: PendingImport, outcome: ImportOutcome, finish: SyncFinish): Promise<void> {
    await this.db.transaction(async (sql) => {
      if (outcome.state === 'succeeded') await this.connections.markSynced(sql, pending.user, PROVIDER);
      await this.repository.finish(sql, pending.id, outcome);
      await this.runs.finish(pending.run_id, { ...finish, metadata: { filename: pending.file_name } }, sql);
    });
    importMetrics.finished.inc({ state: finish.status });
  }
}
