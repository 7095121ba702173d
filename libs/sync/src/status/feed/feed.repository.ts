import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import type { SyncEvent } from '../sync-status.js';
import { EVENT_COLUMNS } from '../wire-columns.js';

/** An event and its place in the order that all followers of its user see. */
export interface PlacedEvent {
  readonly position: number;
  readonly event: SyncEvent;
}

/** How far somebody has read a user's events. */
export interface ReadUntil {
  readonly userKey: number;
  readonly position: number;
}

/** Space and key of the lock under which positions are given. */
const ORDER_LOCK = [1764000004, 0] as const;

/**
 * Events in the order in which they are told. Transactions commit in another order than they write, so an event gets its
 * position only when it can be seen: by one process at a time, after all that got theirs before. Who has read up to a
 * position has missed nothing below it and never will.
 */
@Injectable()
export class FeedRepository {
  constructor(private readonly db: Database) {}

  /**
   * Where a new follower starts: behind the event `after` when it is known, else so that the newest `replay` events
   * come first.
   */
  async start(user: UserRef, replay: number, after: string | null): Promise<number> {
    await this.order([user.key]);
    const [row] = await this.db.query<{ position: number }>(
      `SELECT coalesce(
         (SELECT position FROM sync_event WHERE user_key = $1 AND event_id = $2::uuid),
         (SELECT position FROM sync_event WHERE user_key = $1 AND position IS NOT NULL
          ORDER BY position DESC OFFSET $3 LIMIT 1),
         0) AS position`,
      [user.key, after, replay],
    );
    return row!.position;
  }

  /** What comes next for each user, in order, at most `limit` events each; nothing for users without news. */
  async next(reads: readonly ReadUntil[], limit: number): Promise<Map<number, PlacedEvent[]>> {
    const keys = reads.map(({ userKey }) => userKey);
    await this.order(keys);
    const rows = await this.db.query<SyncEvent & { user_key: number; position: number }>(
      `SELECT e.user_key, e.position, ${EVENT_COLUMNS}
       FROM unnest($1::int[], $2::bigint[]) AS r (user_key, position)
       JOIN users u ON u.key = r.user_key
       CROSS JOIN LATERAL (
         SELECT * FROM sync_event WHERE user_key = r.user_key AND position > r.position ORDER BY position LIMIT $3
       ) e
       ORDER BY e.user_key, e.position`,
      [keys, reads.map(({ position }) => position), limit],
    );
    const byUser = new Map<number, PlacedEvent[]>();
    for (const { user_key, position, ...event } of rows) {
      const placed = { position, event };
      if (byUser.get(user_key)?.push(placed) === undefined) byUser.set(user_key, [placed]);
    }
    return byUser;
  }

  /** Those of the users who still exist. */
  async existing(userKeys: readonly number[]): Promise<Set<number>> {
    const rows = await this.db.query<{ key: number }>('SELECT key FROM users WHERE key = ANY ($1::int[])', [userKeys]);
    return new Set(rows.map(({ key }) => key));
  }

  /** Gives every committed event of these users its position. */
  private async order(userKeys: readonly number[]): Promise<void> {
    const unplaced = await this.db.query<{ user_key: number }>(
      'SELECT DISTINCT user_key FROM sync_event WHERE user_key = ANY ($1::int[]) AND position IS NULL',
      [userKeys],
    );
    if (unplaced.length === 0) return;
    await this.db.transaction(async (sql) => {
      // The next statement must not see less than the previous holder of the lock saw; hence two statements.
      await sql.query('SELECT pg_advisory_xact_lock($1, $2)', ORDER_LOCK);
      await sql.query(
        `WITH placed AS (
           SELECT user_key, event_id, nextval('sync_event_position_seq') AS position FROM (
             SELECT user_key, event_id FROM sync_event
             WHERE user_key = ANY ($1::int[]) AND position IS NULL ORDER BY event_id
           ) unplaced
         )
         UPDATE sync_event e SET position = placed.position FROM placed
         WHERE e.user_key = placed.user_key AND e.event_id = placed.event_id`,
        [unplaced.map(({ user_key }) => user_key)],
      );
    });
  }
}
