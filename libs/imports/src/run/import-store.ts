import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import { RetryLater } from '#libs/queue';
import { SyncRuns } from '#libs/sync';
import type { PendingImport } from '../file-import.js';
import { ImportRepository } from '../import.repository.js';
import { importMetrics } from '../metrics.js';
import { knownSources } from '../known-sources.js';
import { fillPersonalRecord } from '../personal-record.js';
import type { ExportFile } from './export-file.js';
import { exportParts, type FilePart, type Shortfall } from './export-parts.js';
import { advanced, NO_PROGRESS, processedOf, type ImportProgress } from './import-progress.js';

const TELL_EVERY_MS = 1_000;

export interface Stored {
  readonly progress: ImportProgress;
  readonly ending: { readonly kind: 'read'; readonly shortfall: Shortfall } | { readonly kind: 'cancelled' };
}

interface Written {
  readonly progress: ImportProgress;
  readonly isCancelled: boolean;
}

/** Stores the parts of a file: while one is being written the next is read. */
@Injectable()
export class ImportStore {
  constructor(
    private readonly db: Database,
    private readonly writer: HealthWriter,
    private readonly repository: ImportRepository,
    private readonly runs: SyncRuns,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws RetryLater when `signal` asks to stop, and whatever reading and writing throw; what is stored stays */
  async store(pending: PendingImport, file: ExportFile, signal: AbortSignal): Promise<Stored> {
    const progress = pending.progress ?? NO_PROGRESS;
    const isKnownSource = await knownSources(this.db, pending.user.key);
    const parts = exportParts(file, {
      isKnownSource,
      skipElements: progress.elements,
      elementsPerPart: this.config.importElementsPerPart,
    });
    const teller = new Teller((share, reached) => this.tell(pending.run_id, share, reached));
    let writing: Promise<Written> = Promise.resolve({ progress, isCancelled: false });
    try {
      for (;;) {
        const next = await parts.next();
        const written = await writing;
        if (written.isCancelled) return { progress: written.progress, ending: { kind: 'cancelled' } };
        if (next.done) return { progress: written.progress, ending: { kind: 'read', shortfall: next.value } };
        if (signal.aborted) throw new RetryLater(0);
        await teller.tell(next.value.share, written.progress);
        writing = this.write(pending, next.value, written.progress);
        // Waited for after the next part was read; until then its failure is nobody's.
        writing.catch(() => undefined);
      }
    } finally {
      await writing.catch(() => undefined);
      await parts.return(null);
    }
  }

  /** The part, what it did and how far the file has come, in one transaction. */
  private async write(pending: PendingImport, { part, share }: FilePart, before: ImportProgress): Promise<Written> {
    let reached: Written = { progress: before, isCancelled: false };
    await this.writer.write(this.db, pending.user, part.batch, {
      // May run more than once: the writer tries again after a deadlock.
      within: async (sql, report) => {
        const progress = advanced(before, part, report);
        if (part.person) await fillPersonalRecord(sql, pending.user, part.person);
        const isCancelled = await this.repository.saveProgress(sql, pending.id, progress, share);
        reached = { progress, isCancelled };
      },
    });
    importMetrics.elements.inc(part.elements);
    return reached;
  }

  private async tell(runId: string, share: number, progress: ImportProgress): Promise<void> {
    await this.runs.progress(runId, { stage: 'processing', progress: share, itemsProcessed: processedOf(progress) });
  }
}

/** Passes on one thing per second at most. */
class Teller {
  private toldAt = performance.now();

  constructor(private readonly pass: (share: number, progress: ImportProgress) => Promise<void>) {}

  async tell(share: number, progress: ImportProgress): Promise<void> {
    const now = performance.now();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = now;
    await this.pass(share, progress);
  }
}
