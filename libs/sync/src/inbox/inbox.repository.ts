import { Injectable } from '@nestjs/common';
import { Database, isExclusivelyHeld, type Sql } from '#libs/database';
import { notFound } from '#libs/model';
import type { UploadProgress } from '../digest/upload-progress.js';
import type { NewUpload, PendingUpload, UploadOutcome } from './upload.js';

/** The users whose uploads wait and of whom nobody takes care just now. */
export interface WaitingUser {
  readonly user_id: string;
  /** Their oldest upload. */
  readonly batch_id: string;
}

const FOREIGN_KEY_VIOLATION = '23503';

/** Rows of `inbox` and of the task of each. */
@Injectable()
export class InboxRepository {
  constructor(private readonly db: Database) {}

  /** Stores upload and task in one statement; the task's key holds the user. @throws Failure 404 `User not found` */
  async insert(upload: NewUpload & { batchId: string; digest: Buffer }): Promise<number> {
    try {
      const [row] = await this.db.query<{ id: number }>(
        `WITH new_task AS (
           INSERT INTO task (id, kind, user_id, run_id, state, progress)
           VALUES ($1::uuid, $9, $3::uuid, $1::uuid::text, 'queued', 0)
         )
         INSERT INTO inbox (batch_id, kind, user_id, provider, encoding, body, digest, context)
         VALUES ($1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8)
         RETURNING id`,
        [
          upload.batchId,
          upload.kind,
          upload.user.id,
          upload.provider,
          upload.encoding,
          upload.body,
          upload.digest,
          JSON.stringify(upload.context),
          `${upload.kind}_upload`,
        ],
      );
      return row!.id;
    } catch (error) {
      if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) throw notFound('User not found');
      throw error;
    }
  }

  async hasEarlierPending(userId: string, id: number): Promise<boolean> {
    const [row] = await this.db.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM inbox WHERE user_id = $1 AND id < $2 AND state = 'pending') AS found`,
      [userId, id],
    );
    return row!.found;
  }

  /** The user of an upload that still waits; null once it is digested, failed or gone. */
  async pendingOwner(batchId: string): Promise<{ id: string; key: number } | null> {
    const [row] = await this.db.query<{ id: string; key: number }>(
      `SELECT u.id, u.key FROM inbox i JOIN users u ON u.id = i.user_id WHERE i.batch_id = $1 AND i.state = 'pending'`,
      [batchId],
    );
    return row ?? null;
  }

  /** Takes the user's oldest pending upload in hand: counts the attempt, marks the task running. */
  async startNext(sql: Sql, userId: string): Promise<PendingUpload | null> {
    const [row] = await sql.query<PendingUpload>(
      `WITH next AS (
         UPDATE inbox SET attempts = attempts + 1
         WHERE id = (SELECT id FROM inbox WHERE user_id = $1 AND state = 'pending' ORDER BY id LIMIT 1)
         RETURNING id, batch_id, provider, encoding, context, attempts, progress,
           extract(epoch FROM now() - received_at)::float8 AS waited
       ), started AS (
         UPDATE task SET state = 'running', updated_at = now() FROM next WHERE task.id = next.batch_id
       )
       SELECT * FROM next`,
      [userId],
    );
    return row ?? null;
  }

  /** The stored body; null when the upload is gone, with its user. */
  async body(sql: Sql, id: number): Promise<Buffer | null> {
    const [row] = await sql.query<{ body: Buffer | null }>('SELECT body FROM inbox WHERE id = $1', [id]);
    return row?.body ?? null;
  }

  /** Keeps how far an upload has come; runs in the transaction that stored that part. */
  async saveProgress(sql: Sql, upload: PendingUpload, progress: UploadProgress, share: number): Promise<void> {
    await sql.query(
      `WITH kept AS (UPDATE inbox SET progress = $2, attempts = 0 WHERE id = $1)
       UPDATE task SET progress = $4, updated_at = now() WHERE id = $3`,
      [upload.id, JSON.stringify(progress), upload.batch_id, share],
    );
  }

  /** An attempt that failed for reasons outside the upload does not count against it. */
  async forgetAttempt(sql: Sql, id: number): Promise<void> {
    await sql.query('UPDATE inbox SET attempts = greatest(attempts - 1, 0) WHERE id = $1', [id]);
  }

  async finish(sql: Sql, upload: PendingUpload, outcome: UploadOutcome): Promise<void> {
    // A failed upload keeps its body: somebody will want to look at it.
    await sql.query(
      `WITH ended AS (
         UPDATE inbox SET state = $2::text, finished_at = now(), body = CASE WHEN $2::text = 'done' THEN NULL ELSE body END
         WHERE id = $1
       )
       UPDATE task SET state = $4::text, result = $5, error = $6, updated_at = now(),
         progress = CASE WHEN $4::text = 'succeeded' THEN 1 ELSE progress END
       WHERE id = $3`,
      [
        upload.id,
        outcome.state === 'failed' ? 'failed' : 'done',
        upload.batch_id,
        outcome.state,
        outcome.state === 'failed' ? null : JSON.stringify(outcome.result),
        outcome.state === 'failed' ? outcome.error : null,
      ],
    );
  }

  /**
   * Users with an upload older than `olderThanSeconds` that nobody is digesting at this moment, the longest waiting
   * first, at most `limit`. `lockSpace`: the space of the digester's exclusive lock.
   */
  async waitingUsers(lockSpace: number, olderThanSeconds: number, limit: number): Promise<WaitingUser[]> {
    return this.db.query<WaitingUser>(
      `SELECT user_id, batch_id FROM (
         SELECT DISTINCT ON (user_id) user_id, batch_id, received_at FROM inbox
         WHERE state = 'pending' AND received_at < now() - $2 * interval '1 second'
         ORDER BY user_id, id
       ) oldest
       WHERE NOT ${isExclusivelyHeld('$1', 'oldest.user_id::text')}
       ORDER BY received_at LIMIT $3`,
      [lockSpace, olderThanSeconds, limit],
    );
  }
}
