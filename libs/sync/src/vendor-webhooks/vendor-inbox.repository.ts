import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, plannedOnce, type Sql } from '#libs/database';
import type { JsonObject } from '#libs/model';

/** A delivery whose turn it is. */
export interface PendingDelivery {
  readonly id: number;
  readonly provider: string;
  readonly body: Buffer | null;
  readonly is_trusted: boolean;
  readonly attempts: number;
}

/** A turn that is forgotten is taken again, so nobody waits until it is on the disk. */
const WITHOUT_THE_DISK = `set_config('synchronous_commit', 'off', true)`;

/** How long a worker is given before another takes over. */
const TURN_SECONDS = 60;

/** Rows of `vendor_inbox`. */
@Injectable()
export class VendorInboxRepository {
  constructor(private readonly db: Database) {}

  /** Null when the same body already waits. */
  async insert(provider: string, body: Buffer, isTrusted: boolean): Promise<number | null> {
    const digest = createHash('sha256').update(body).digest();
    const [row] = await this.db.query<{ id: number }>(
      plannedOnce(`INSERT INTO vendor_inbox (provider, body, digest, is_trusted) VALUES ($1, $2, $3, $4)
       ON CONFLICT (provider, digest) WHERE state = 'pending' DO NOTHING RETURNING id`),
      [provider, body, digest, isTrusted],
    );
    return row?.id ?? null;
  }

  /** Takes a delivery in hand; null when it is done, gone, or somebody else's at this moment. */
  async take(id: number): Promise<PendingDelivery | null> {
    const [row] = await this.db.query<PendingDelivery>(
      plannedOnce(`UPDATE vendor_inbox SET state = 'running', attempts = attempts + 1, due_at = now() + $2 * interval '1 second'
       WHERE id = $1 AND state IN ('pending', 'running') AND due_at <= now()
       RETURNING id, provider, body, is_trusted, attempts, ${WITHOUT_THE_DISK}`),
      [id, TURN_SECONDS],
    );
    return row ?? null;
  }

  /** Whoever works on it is still at it. */
  async hold(id: number): Promise<void> {
    await this.db.query(
      `UPDATE vendor_inbox SET due_at = now() + $2 * interval '1 second' WHERE id = $1 AND state = 'running'
       RETURNING ${WITHOUT_THE_DISK}`,
      [id, TURN_SECONDS],
    );
  }

  /** Milliseconds until a delivery that is not done may be taken; null when there is nothing to take any more. */
  async waitOf(id: number): Promise<number | null> {
    const [row] = await this.db.query<{ wait: number }>(
      `SELECT greatest(0, extract(epoch FROM due_at - now()) * 1000)::float8 AS wait FROM vendor_inbox
       WHERE id = $1 AND state IN ('pending', 'running')`,
      [id],
    );
    return row?.wait ?? null;
  }

  async postpone(id: number, delayMs: number): Promise<void> {
    await this.db.query(`UPDATE vendor_inbox SET due_at = now() + $2 * interval '1 millisecond' WHERE id = $1`, [
      id,
      delayMs,
    ]);
  }

  /**
   * The body of a failed delivery is kept: somebody will want to look at it. The users it concerned are noted, so that
   * it goes with them; of those who are gone already nothing is kept.
   */
  async finish(
    id: number,
    state: 'done' | 'failed',
    result: JsonObject,
    userIds: readonly string[],
    sql: Sql = this.db,
  ): Promise<void> {
    await sql.query(
      plannedOnce(`WITH concerned AS (SELECT id FROM users WHERE id = ANY ($4::uuid[]) FOR KEY SHARE),
         still AS (SELECT array_agg(id) AS ids, count(*) = cardinality($4::uuid[]) AS are_all FROM concerned)
       UPDATE vendor_inbox SET state = $2::text, finished_at = now(), user_ids = still.ids,
         result = CASE WHEN still.are_all THEN $3::jsonb END,
         body = CASE WHEN $2::text = 'failed' AND still.ids IS NOT NULL AND still.are_all THEN body END
       FROM still WHERE vendor_inbox.id = $1`),
      [id, state, JSON.stringify(result), userIds],
    );
  }

  /** Deliveries that wait although their time has come. */
  overdue(seconds: number, limit: number): Promise<{ id: number }[]> {
    return this.db.query<{ id: number }>(
      `SELECT id FROM vendor_inbox WHERE state IN ('pending', 'running') AND due_at < now() - $1 * interval '1 second'
       ORDER BY due_at LIMIT $2`,
      [seconds, limit],
    );
  }
}
