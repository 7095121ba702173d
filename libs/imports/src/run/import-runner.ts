import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { Failure } from '#libs/model';
import { logger } from '#libs/observability';
import { UnreadableExport } from '#libs/providers/apple';
import { RetryLater } from '#libs/queue';
import { OBJECT_STORAGE, type ObjectStorage } from '#libs/storage';
import { isOutsideTrouble } from '#libs/sync';
import type { PendingImport } from '../file-import.js';
import { ImportRepository } from '../import.repository.js';
import { IMPORT_LOCK_SPACE } from '../import-sweep.js';
import { openExport } from './export-file.js';
import { ImportRecorder } from './import-recorder.js';
import { ImportStore } from './import-store.js';

const MOST_ATTEMPTS = 5;
const TROUBLE_RETRY_MS = 2_000;

/** Stores an uploaded file part by part and goes on where an interrupted attempt stopped. */
@Injectable()
export class ImportRunner implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(
    private readonly db: Database,
    private readonly repository: ImportRepository,
    private readonly recorder: ImportRecorder,
    private readonly store: ImportStore,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** A worker that ends hands running imports over at the next part. */
  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  /**
   * Imports the file; does nothing when it is imported, gone, or in somebody else's hands.
   * @throws RetryLater when the database or the storage has trouble, or this process is about to end
   */
  async run(importId: string): Promise<void> {
    await this.db.tryExclusive(IMPORT_LOCK_SPACE, importId, async () => {
      const pending = await this.repository.start(this.db, importId);
      if (pending === null) return;
      await this.attempt(pending);
      await this.deleteObject(pending);
    });
  }

  private async attempt(pending: PendingImport): Promise<void> {
    try {
      await this.recorder.start(pending);
      if (pending.attempts > MOST_ATTEMPTS) await this.recorder.fail(pending, 'The file could not be imported');
      else if (pending.is_cancelled) await this.recorder.cancel(pending, pending.progress);
      else await this.import(pending);
    } catch (error) {
      await this.handle(pending, error);
    }
  }

  private async import(pending: PendingImport): Promise<void> {
    const copy = await this.storage.copy(pending.object_key);
    if (copy === null) return this.recorder.fail(pending, 'The uploaded file is gone');
    try {
      const { maxImportBytes, maxImportUnpackedBytes } = this.config;
      if (copy.sizeBytes > maxImportBytes) {
        await this.recorder.fail(pending, `The file is too large: at most ${maxImportBytes} bytes`);
        return;
      }
      const file = await openExport(copy, { maxUnpackedBytes: maxImportUnpackedBytes });
      try {
        const { progress, ending } = await this.store.store(pending, file, this.shutdown.signal);
        if (ending.kind === 'cancelled') await this.recorder.cancel(pending, progress);
        else await this.recorder.complete(pending, progress, ending.shortfall);
      } finally {
        file.close();
      }
    } finally {
      await copy.release();
    }
  }

  private async handle(pending: PendingImport, error: unknown): Promise<void> {
    const details = { err: error, import_id: pending.id, attempt: pending.attempts };
    if (error instanceof UnreadableExport) return this.recorder.fail(pending, error.message);
    if (error instanceof RetryLater || isOutsideTrouble(error)) {
      await this.repository.forgetAttempt(pending.id).catch(() => undefined);
      if (error instanceof RetryLater) throw error;
      logger().warn(details, 'import_waits');
      throw new RetryLater(TROUBLE_RETRY_MS);
    }
    // The user was deleted meanwhile; their erasure deletes the file.
    if (error instanceof Failure && error.status === 404) return;
    logger().error(details, 'import_failed');
    if (pending.attempts < MOST_ATTEMPTS) throw new RetryLater(1_000 * 2 ** pending.attempts);
    await this.recorder.fail(pending, 'The file could not be imported');
  }

  /** What cannot be deleted now is left to the sweep. */
  private async deleteObject({ id, object_key }: PendingImport): Promise<void> {
    try {
      await this.storage.delete(object_key);
      await this.repository.objectDeleted(id);
    } catch (error) {
      logger().warn({ err: error, import_id: id }, 'import_object_stays');
    }
  }
}
