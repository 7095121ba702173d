import { Injectable } from '@nestjs/common';
import { notFound } from '#libs/model';
import { logger } from '#libs/observability';
import { JobQueue } from '#libs/queue';
import { ImportRepository, type ArrivedFile } from '../import.repository.js';

/** Folder of the storage in which files wait for their import. */
export const IMPORT_FOLDER = 'imports';

/** Turns a file that is there into an import. */
@Injectable()
export class ImportRequests {
  constructor(
    private readonly repository: ImportRepository,
    private readonly queue: JobQueue,
  ) {}

  /** @throws Failure 404 `User not found` when the user is gone, or the file was taken already */
  async arrived(id: string, file: ArrivedFile): Promise<void> {
    if (!(await this.repository.arrive(id, file))) throw notFound('User not found');
    await this.request(id);
  }

  /** A lost request is no harm: the sweep finds the import. */
  async request(importId: string): Promise<void> {
    try {
      await this.queue.add('import.run', { importId }, { jobId: `import-${importId}` });
    } catch (error) {
      logger().warn({ err: error, import_id: importId }, 'import_waits_for_sweep');
    }
  }
}
