import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { notFound } from '#libs/model';
import { newRunId } from '#libs/sync';
import type { ExpectedFile, ExpectedUpload, ImportOutcome, PendingImport } from './file-import.js';
import type { ImportProgress } from './run/import-progress.js';

/** The statement's CTE `arrived (id, user_id, run_id)` gets its task. */
const WITH_TASK = `
  INSERT INTO task (id, kind, user_id, run_id, state, progress)
  SELECT id, 'file_import', user_id, run_id, 'queued', 0 FROM arrived RETURNING id`;

export interface ArrivedFile {
  readonly sizeBytes: number;
  /** Of an object in a bucket. */
  readonly etag: string | null;
  /** For people; null when nothing better is known than before. */
  readonly fileName: string | null;
}

/** Rows of `file_import` and of the task of each. */
@Injectable()
export class ImportRepository {
  constructor(private readonly db: Database) {}

  /** @throws Failure 404 `User not found` */
  async expect(file: ExpectedFile): Promise<void> {
    const expected = await this.db.query(
      `INSERT INTO file_import (id, user_id, run_id, state, file_name, object_key, max_bytes, expires_at, upload_key,
         upload_token_hash)
       SELECT $1, id, $3, 'expected', $4, $5, $6, now() + $7 * interval '1 second', $8, $9
       FROM users WHERE id = $2 FOR KEY SHARE RETURNING 1`,
      [
        file.id,
        file.userId,
        newRunId('xml'),
        file.fileName,
        file.objectKey,
        file.maxBytes,
        file.expiresSeconds,
        file.upload?.key ?? null,
        file.upload?.tokenHash ?? null,
      ],
    );
    if (expected.length === 0) throw notFound('User not found');
  }

  /** The expected file is there; from now on it is an import with a task. False when it was not expected any more. */
  async arrive(id: string, { sizeBytes, etag, fileName }: ArrivedFile, sql: Sql = this.db): Promise<boolean> {
    const rows = await sql.query(
      `WITH owner AS (
         SELECT u.id FROM users u JOIN file_import i ON i.user_id = u.id WHERE i.id = $1 FOR KEY SHARE OF u
       ), arrived AS (
         UPDATE file_import i SET state = 'pending', size_bytes = $2, etag = $3,
           file_name = coalesce($4, file_name), upload_token_hash = NULL, updated_at = now()
         FROM owner WHERE i.id = $1 AND i.state = 'expected' AND i.user_id = owner.id
         RETURNING i.id, i.user_id, i.run_id
       ) ${WITH_TASK}`,
      [id, sizeBytes, etag, fileName],
    );
    return rows.length > 0;
  }

  /** An object that nobody announced; null when it was taken already or its user is unknown. */
  async adopt(
    sql: Sql,
    found: { id: string; userId: string; fileName: string; objectKey: string; sizeBytes: number; etag: string },
  ): Promise<string | null> {
    const [row] = await sql.query<{ id: string }>(
      `WITH arrived AS (
         INSERT INTO file_import (id, user_id, run_id, state, file_name, object_key, max_bytes, size_bytes, etag)
         SELECT $1, u.id, $3, 'pending', $4, $5, $6, $6, $7 FROM users u WHERE u.id = $2 FOR KEY SHARE
         ON CONFLICT (object_key, etag) WHERE etag IS NOT NULL DO NOTHING
         RETURNING id, user_id, run_id
       ) ${WITH_TASK}`,
      [found.id, found.userId, newRunId('xml'), found.fileName, found.objectKey, found.sizeBytes, found.etag],
    );
    return row?.id ?? null;
  }

  /** Whether this was a user whose data was asked to be erased. */
  async wasErased(sql: Sql, userId: string): Promise<boolean> {
    const rows = await sql.query('SELECT FROM erasure WHERE user_id = $1', [userId]);
    return rows.length > 0;
  }

  /** The upload a client was given a key for, whatever became of it. */
  async upload(userId: string, uploadKey: string): Promise<ExpectedUpload | null> {
    return this.findUpload('user_id = $1 AND upload_key = $2', [userId, uploadKey]);
  }

  /** How large the file of an upload form may be; null when the form is not valid any more. */
  async claimableBytes(id: string): Promise<number | null> {
    const [row] = await this.db.query<{ max_bytes: number }>(
      `SELECT max_bytes FROM file_import
       WHERE id = $1 AND state = 'expected' AND upload_token_hash IS NOT NULL AND expires_at > now()`,
      [id],
    );
    return row?.max_bytes ?? null;
  }

  /** Takes an upload form; nobody else may use it until it is released. */
  async claim(id: string, tokenHash: Buffer): Promise<boolean> {
    const rows = await this.db.query(
      `UPDATE file_import SET upload_token_hash = NULL
       WHERE id = $1 AND state = 'expected' AND upload_token_hash = $2 AND expires_at > now() RETURNING id`,
      [id, tokenHash],
    );
    return rows.length > 0;
  }

  async release(id: string, tokenHash: Buffer): Promise<void> {
    await this.db.query(`UPDATE file_import SET upload_token_hash = $2 WHERE id = $1 AND state = 'expected'`, [
      id,
      tokenHash,
    ]);
  }

  /** The upload that is still expected as this object of the bucket. */
  async expectedObject(sql: Sql, userId: string, objectKey: string): Promise<ExpectedUpload | null> {
    return this.findUpload(`user_id = $1 AND object_key = $2 AND state = 'expected'`, [userId, objectKey], sql);
  }

  private async findUpload(condition: string, values: unknown[], sql: Sql = this.db): Promise<ExpectedUpload | null> {
    const [row] = await sql.query<ExpectedUpload>(
      `SELECT id, state, object_key, max_bytes FROM file_import WHERE ${condition}`,
      values,
    );
    return row ?? null;
  }

  async forget(id: string): Promise<void> {
    await this.db.query(`DELETE FROM file_import WHERE id = $1 AND state = 'expected'`, [id]);
  }

  /** Takes an import in hand: counts the attempt, marks the task running. Null when there is nothing to do. */
  async start(sql: Sql, id: string): Promise<PendingImport | null> {
    const [row] = await sql.query<Omit<PendingImport, 'user'> & { user_id: string; user_key: number }>(
      `WITH next AS (
         UPDATE file_import i SET attempts = attempts + 1, updated_at = now() FROM users u
         WHERE i.id = $1 AND i.state = 'pending' AND u.id = i.user_id
         RETURNING i.id, u.id AS user_id, u.key AS user_key, i.run_id, i.file_name, i.object_key, i.attempts,
           i.is_cancelled, i.progress
       ), started AS (
         UPDATE task SET state = 'running', updated_at = now() FROM next WHERE task.id = next.id
       )
       SELECT * FROM next`,
      [id],
    );
    if (!row) return null;
    const { user_id, user_key, ...pending } = row;
    return { ...pending, user: { id: user_id, key: user_key } };
  }

  /** Keeps how far an import has come; runs in the transaction that stored that part. @returns whether to stop */
  async saveProgress(sql: Sql, id: string, progress: ImportProgress, share: number): Promise<boolean> {
    const [row] = await sql.query<{ is_cancelled: boolean }>(
      `WITH told AS (UPDATE task SET progress = $3, updated_at = now() WHERE id = $1)
       UPDATE file_import SET progress = $2, attempts = 0, updated_at = now() WHERE id = $1 RETURNING is_cancelled`,
      [id, JSON.stringify(progress), share],
    );
    return row?.is_cancelled ?? true;
  }

  async forgetAttempt(id: string): Promise<void> {
    await this.db.query('UPDATE file_import SET attempts = greatest(attempts - 1, 0) WHERE id = $1', [id]);
  }

  async finish(sql: Sql, id: string, outcome: ImportOutcome): Promise<void> {
    const isFailed = outcome.state === 'failed';
    await sql.query(
      `WITH ended AS (UPDATE file_import SET state = $2, progress = NULL, updated_at = now() WHERE id = $1)
       UPDATE task SET state = $3::text, result = $4, error = $5, updated_at = now(),
         progress = CASE WHEN $3::text = 'succeeded' THEN 1 ELSE progress END
       WHERE id = $1`,
      [
        id,
        isFailed ? 'failed' : 'done',
        outcome.state,
        isFailed ? null : JSON.stringify(outcome.result),
        isFailed ? outcome.error : null,
      ],
    );
  }

  async objectDeleted(id: string): Promise<void> {
    await this.db.query('UPDATE file_import SET has_object = false WHERE id = $1', [id]);
  }

  /** Asks a waiting or running import to stop. Its state before, null when the user has no such import. */
  async cancel(userId: string, id: string): Promise<ExpectedUpload['state'] | null> {
    const [row] = await this.db.query<{ state: ExpectedUpload['state'] }>(
      `UPDATE file_import SET is_cancelled = true WHERE id = $1 AND user_id = $2 RETURNING state`,
      [id, userId],
    );
    return row?.state ?? null;
  }
}
