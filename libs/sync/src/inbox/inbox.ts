import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { logger } from '#libs/observability';
import { JobQueue } from '#libs/queue';
import { InboxRepository } from './inbox.repository.js';
import type { NewUpload } from './upload.js';

export interface Acceptance {
  readonly batchId: string;
  readonly taskId: string;
}

/** The promise behind every 202: what was accepted is in PostgreSQL before the answer, whatever happens to the queue. */
@Injectable()
export class Inbox {
  constructor(
    private readonly repository: InboxRepository,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Stores an upload and its task, then asks for its digestion. One id names the upload, its run and its task.
   * @throws Failure 404 `User not found`
   */
  async accept(upload: NewUpload): Promise<Acceptance> {
    const batchId = randomUUID();
    const digest = createHash('sha256').update(upload.body).digest();
    const id = await this.repository.insert({ ...upload, batchId, digest });
    await this.requestDigestion(upload.user.id, batchId, id);
    return { batchId, taskId: batchId };
  }

  /** A lost request is no harm: the sweep finds the upload. */
  private async requestDigestion(userId: string, batchId: string, id: number): Promise<void> {
    try {
      // Whoever digests the earlier upload goes on with this one, because it looks for more after each.
      if (await this.repository.hasEarlierPending(userId, id)) return;
      await this.queue.add('inbox.digest', { batchId }, { jobId: `digest-${batchId}` });
    } catch (error) {
      logger().warn({ err: error, batch_id: batchId }, 'upload_waits_for_sweep');
    }
  }
}
