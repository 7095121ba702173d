import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';

const FIRST_RETRY_SECONDS = 10;
const LONGEST_RETRY_SECONDS = 600;

/** A refresh that never came to its end. */
export interface InterruptedRefresh {
  readonly connection_id: string;
  readonly provider: string;
}

/**
 * Refreshes under way, a row each. The row is on the disk before the vendor is asked, so that a crash leaves it behind:
 * from then on the vendor may have used up the refresh token that we hold. Who refreshes holds the row's lock, which
 * ends with the process; a row that nobody holds was left.
 */
@Injectable()
export class RefreshIntents {
  constructor(private readonly db: Database) {}

  /** False when there is one: somebody is at it, or was. */
  async declare(connectionId: string): Promise<boolean> {
    const rows = await this.db.query(
      'INSERT INTO token_refresh (connection_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1',
      [connectionId],
    );
    return rows.length > 0;
  }

  /** Waits for whoever is at it. False when the row is gone: the refresh came to its end. */
  async hold(sql: Sql, connectionId: string): Promise<boolean> {
    const rows = await sql.query('SELECT FROM token_refresh WHERE connection_id = $1 FOR UPDATE', [connectionId]);
    return rows.length > 0;
  }

  async close(sql: Sql, connectionId: string): Promise<void> {
    await sql.query('DELETE FROM token_refresh WHERE connection_id = $1', [connectionId]);
  }

  /** It is not known what the vendor did: to be tried again, less and less often. */
  async postpone(sql: Sql, connectionId: string): Promise<void> {
    await sql.query(
      `UPDATE token_refresh SET tries = tries + 1,
         retry_at = now() + least($2 * 2 ^ least(tries, 20), $3) * interval '1 second'
       WHERE connection_id = $1`,
      [connectionId, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS],
    );
  }

  /** Refreshes that were left and whose time has come; forgets those of connections that are over. */
  async interrupted(limit: number): Promise<InterruptedRefresh[]> {
    await this.db.query(
      `DELETE FROM token_refresh WHERE connection_id IN (
         SELECT r.connection_id FROM token_refresh r
         LEFT JOIN connection c ON c.id = r.connection_id AND c.status = 'active'
         WHERE c.id IS NULL FOR UPDATE OF r SKIP LOCKED)`,
    );
    return this.db.query<InterruptedRefresh>(
      `SELECT r.connection_id, c.provider FROM token_refresh r JOIN connection c ON c.id = r.connection_id
       WHERE r.retry_at <= now() ORDER BY r.retry_at LIMIT $1 FOR UPDATE OF r SKIP LOCKED`,
      [limit],
    );
  }
}
