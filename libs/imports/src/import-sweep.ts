import { Inject, Injectable } from '@nestjs/common';
import { JobQueue } from '#libs/queue';
import { OBJECT_STORAGE, type ObjectStorage } from '#libs/storage';
import { ImportLeftovers } from './import-leftovers.repository.js';

/** Space of the exclusive lock that one runner holds on one import. */
export const IMPORT_LOCK_SPACE = 6;

const OVERDUE_SECONDS = 30;
const PER_SWEEP = 200;
const REPEAT_MS = 60_000;

/** Finds imports whose job was lost, and deletes files and rows that nobody needs any more. */
@Injectable()
export class ImportSweep {
  constructor(
    private readonly leftovers: ImportLeftovers,
    private readonly queue: JobQueue,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /** @returns what was done. `now` in milliseconds. */
  async run(now: number): Promise<{ woken: number; deleted: number }> {
    const waiting = await this.leftovers.waiting(IMPORT_LOCK_SPACE, OVERDUE_SECONDS, PER_SWEEP);
    const period = Math.floor(now / REPEAT_MS);
    for (const importId of waiting) {
      await this.queue.add('import.run', { importId }, { jobId: `import-sweep-${importId}-${period}` });
    }
    const unused = await this.leftovers.unused(PER_SWEEP);
    for (const { id, object_key, has_object } of unused) {
      if (has_object) await this.storage.delete(object_key);
      await this.leftovers.remove(id);
    }
    await this.leftovers.forgetMessages();
    return { woken: waiting.length, deleted: unused.length };
  }
}
