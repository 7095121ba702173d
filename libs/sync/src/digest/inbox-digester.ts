import { Injectable } from '@nestjs/common';
import { Database, type Session, type UserRef } from '#libs/database';
import { logger } from '#libs/observability';
import { RetryLater } from '#libs/queue';
import { InboxRepository } from '../inbox/inbox.repository.js';
import { DIGEST_LOCK_SPACE } from '../inbox/inbox-sweep.js';
import type { PendingUpload } from '../inbox/upload.js';
import { isOutsideTrouble } from './outside-trouble.js';
import { UploadDigest } from './upload-digest.js';

const MOST_ATTEMPTS = 5;
const LOCKED_RETRY_MS = 250;
const TROUBLE_RETRY_MS = 2_000;
/** After this long a user with many uploads lets others have a turn. */
const SHIFT_MS = 10_000;

type Shift = 'drained' | 'more' | 'gone';

/** Stores accepted uploads: each user's in the order they came, by one process at a time. */
@Injectable()
export class InboxDigester {
  constructor(
    private readonly db: Database,
    private readonly repository: InboxRepository,
    private readonly uploads: UploadDigest,
  ) {}

  /**
   * Digests all uploads that wait for the user of this one. Does nothing when the upload is done or gone.
   * @throws RetryLater when another process works for this user, when the database has trouble, or to let others go on
   */
  async digest(batchId: string, clock: () => number = Date.now): Promise<void> {
    const user = await this.repository.pendingOwner(batchId);
    if (user === null) return;
    const shift = await this.db.tryExclusive(DIGEST_LOCK_SPACE, user.id, (session) => this.drain(session, user, clock));
    if (shift === null) throw new RetryLater(LOCKED_RETRY_MS);
    if (shift === 'more') throw new RetryLater(0);
  }

  private async drain(session: Session, user: UserRef, clock: () => number): Promise<Shift> {
    const end = clock() + SHIFT_MS;
    for (;;) {
      const upload = await this.repository.startNext(session, user.id);
      if (upload === null) return 'drained';
      if (!(await this.digestOne(session, user, upload))) return 'gone';
      if (clock() > end) return 'more';
    }
  }

  /** @returns false when the user was deleted meanwhile, and all uploads with it */
  private async digestOne(session: Session, user: UserRef, upload: PendingUpload): Promise<boolean> {
    try {
      if (upload.attempts > MOST_ATTEMPTS) await this.giveUp(session, user, upload);
      else await this.uploads.digest(session, user, upload);
      return true;
    } catch (error) {
      if (error instanceof RetryLater || isOutsideTrouble(error)) return this.postpone(session, upload, error);
      if ((await this.repository.pendingOwner(upload.batch_id)) === null) return false;
      return this.blame(session, user, upload, error);
    }
  }

  /** What is no fault of the upload does not count against it. */
  private async postpone(session: Session, upload: PendingUpload, error: unknown): Promise<never> {
    await this.repository.forgetAttempt(session, upload.id).catch(() => undefined);
    if (error instanceof RetryLater) throw error;
    logger().warn({ err: error, batch_id: upload.batch_id }, 'upload_waits_for_database');
    throw new RetryLater(TROUBLE_RETRY_MS);
  }

  private async blame(session: Session, user: UserRef, upload: PendingUpload, error: unknown): Promise<true> {
    logger().error({ err: error, batch_id: upload.batch_id, attempt: upload.attempts }, 'upload_digestion_failed');
    if (upload.attempts < MOST_ATTEMPTS) throw new RetryLater(1_000 * 2 ** upload.attempts);
    await this.giveUp(session, user, upload);
    return true;
  }

  private giveUp(session: Session, user: UserRef, upload: PendingUpload): Promise<void> {
    const error = 'The batch could not be stored';
    return this.uploads.finish(session, user, upload, { state: 'failed', error, statusCode: 500 });
  }
}
