import { Injectable } from '@nestjs/common';
import { JobQueue } from '#libs/queue';
import { syncMetrics } from '../metrics.js';
import { InboxRepository } from './inbox.repository.js';

/** Space of the exclusive lock that one digester holds on one user. */
export const DIGEST_LOCK_SPACE = 1;

const OVERDUE_SECONDS = 5;
const USERS_PER_SWEEP = 500;
const REPEAT_MS = 15_000;

/** Finds accepted uploads whose job was lost and asks for their digestion again. */
@Injectable()
export class InboxSweep {
  constructor(
    private readonly repository: InboxRepository,
    private readonly queue: JobQueue,
  ) {}

  /** @returns how many users were taken care of. `now` in milliseconds. */
  async run(now: number): Promise<number> {
    const waiting = await this.repository.waitingUsers(DIGEST_LOCK_SPACE, OVERDUE_SECONDS, USERS_PER_SWEEP);
    // The id changes from time to time, so that a failed job that was kept does not stand in the way for ever.
    const period = Math.floor(now / REPEAT_MS);
    const jobs = waiting.map(({ user_id, batch_id }) => ({
      payload: { batchId: batch_id },
      jobId: `sweep-${user_id}-${period}`,
    }));
    await this.queue.addAll('inbox.digest', jobs);
    syncMetrics.sweptUsers.inc(waiting.length);
    return waiting.length;
  }
}
