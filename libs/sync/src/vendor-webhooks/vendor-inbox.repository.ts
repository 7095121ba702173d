import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, plannedOnce, type Sql } from '#libs/database';
import type { JsonObject } from '#libs/model';
import { currentContext } from '#libs/observability';

/** A delivery whose turn it is. */
export interface PendingDelivery {
  readonly id: number;
  readonly provider: string;
  readonly body: Buffer | null;
  readonly is_trusted: boolean;
  readonly attempts: number;
  /** Of the request that brought it. */
  readonly request_id: string | null;
}

/** A turn that is forgotten is taken again, so nobody waits until it is on the disk. */
const WITHOUT_THE_DISK = `set_config('synchronous_commit', 'off', true)`;

/** A delivery whose worker has not said for that long that it is still at it is taken by another. */
const TURN_SECONDS = 20;

/** Rows of `vendor_inbox`. */
@Injectable()
export class VendorInboxRepository {
  constructor(private readonly db: Database) {}

  /** Null when the same body already waits. */
  async insert(provider: string, body: Buffer, isTrusted: boolean): Promise<number | null> {
    const digest = createHash('sha256').update(body).digest();
    const [row] = await this.db.query<{ id: number }>(
      plannedOnce(`INSERT INTO vendor_inbox (provider, body, digest, is_trusted, request_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (provider, digest) WHERE state = 'pending' DO NOTHING RETURNING id`),
      [provider, body, digest, isTrusted, currentContext().requestId],
    );
    return row?.id ?? null;
  }

  /**
   * Takes deliveries in hand whose time has come, the oldest first; nobody else gets them meanwhile. `without`: providers
   * whose deliveries stay.
   */
  async takeDue(limit: number, without: readonly string[] = []): Promise<PendingDelivery[]> {
    const taken = await this.db.query<PendingDelivery>(
      plannedOnce(`UPDATE vendor_inbox SET state = 'running', attempts = attempts + 1, due_at = now() + $2 * interval '1 second'
       WHERE id IN (
         SELECT id FROM vendor_inbox
         WHERE state IN ('pending', 'running') AND due_at <= now() AND provider <> ALL ($3::text[])
         ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, provider, body, is_trusted, attempts, request_id, ${WITHOUT_THE_DISK}`),
      [limit, TURN_SECONDS, without],
    );
    return taken.sort((one, two) => one.id - two.id);
  }

  /** Whoever works on them is still at it. */
  async hold(ids: readonly number[]): Promise<void> {
    await this.db.query(
      `UPDATE vendor_inbox SET due_at = now() + $2 * interval '1 second' WHERE id = ANY ($1::bigint[]) AND state = 'running'
       RETURNING ${WITHOUT_THE_DISK}`,
      [ids, TURN_SECONDS],
    );
  }

  /** To be gone on with later. `isNoFault`: the attempt does not count. */
  async postpone(id: number, delayMs: number, isNoFault: boolean): Promise<void> {
    await this.db.query(
      `UPDATE vendor_inbox SET due_at = now() + $2 * interval '1 millisecond',
         attempts = CASE WHEN $3 THEN greatest(attempts - 1, 0) ELSE attempts END WHERE id = $1`,
      [id, delayMs, isNoFault],
    );
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
}
