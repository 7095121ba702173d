import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { Failure } from '#libs/model';

/** How many attempts one bucket has in one window. */
export interface AttemptLimit {
  readonly attempts: number;
  readonly minutes: number;
}

/** Counts attempts to guess something, over all processes. */
@Injectable()
export class FailedAttempts {
  constructor(private readonly db: Database) {}

  /**
   * Counts an attempt before it is made, so that many at once cannot slip through.
   * @throws Failure 429 when the bucket is full
   */
  async count(bucket: string, { attempts, minutes }: AttemptLimit, now: Date): Promise<void> {
    const [row] = await this.db.query<{ failures: number; window_ends_at: string }>(
      `INSERT INTO failed_attempt AS a (bucket, failures, window_ends_at) VALUES ($1, 1, $3)
       ON CONFLICT (bucket) DO UPDATE SET
         failures = CASE WHEN a.window_ends_at <= $2 THEN 1 ELSE a.failures + 1 END,
         window_ends_at = CASE WHEN a.window_ends_at <= $2 THEN excluded.window_ends_at ELSE a.window_ends_at END
       RETURNING failures, window_ends_at`,
      [bucket, now.toISOString(), new Date(now.getTime() + minutes * 60_000).toISOString()],
    );
    if (row!.failures <= attempts) return;
    const seconds = Math.max(1, Math.ceil((Date.parse(row!.window_ends_at) - now.getTime()) / 1000));
    throw new Failure(429, 'Too many attempts, try again later', { headers: { 'Retry-After': String(seconds) } });
  }

  /** Takes back the count of an attempt that was no guess. */
  async forgive(bucket: string): Promise<void> {
    await this.db.query('UPDATE failed_attempt SET failures = failures - 1 WHERE bucket = $1 AND failures > 0', [
      bucket,
    ]);
  }
}
