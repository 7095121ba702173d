import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import type { ErasureView, OpenErasure } from './erasure.js';

const VIEW = `SELECT id, user_id, CASE WHEN finished_at IS NULL THEN 'erasing' ELSE 'done' END AS state, requested_at,
  finished_at, deleted, deleted_files FROM erasure`;

/** The erasures that were asked for, and how far each has come. */
@Injectable()
export class ErasuresRepository {
  constructor(private readonly db: Database) {}

  async ofUser(userId: string): Promise<ErasureView | null> {
    const [erasure] = await this.db.query<ErasureView>(`${VIEW} WHERE user_id = $1`, [userId]);
    return erasure ?? null;
  }

  /** The oldest first. */
  open(limit: number): Promise<OpenErasure[]> {
    return this.db.query<OpenErasure>(
      `SELECT id, user_id, user_key, grants FROM erasure WHERE finished_at IS NULL ORDER BY requested_at, id LIMIT $1`,
      [limit],
    );
  }

  /** Adds to the report, in the transaction that deleted. */
  async add(sql: Sql, id: string, table: string, rows: number, files: number): Promise<void> {
    await sql.query(
      `UPDATE erasure SET deleted_files = deleted_files + $4,
         deleted = jsonb_set(deleted, ARRAY[$2], to_jsonb(coalesce((deleted ->> $2)::bigint, 0) + $3::bigint))
       WHERE id = $1`,
      [id, table, rows, files],
    );
  }

  async forgetGrants(sql: Sql, id: string): Promise<void> {
    await sql.query(`UPDATE erasure SET grants = '[]' WHERE id = $1`, [id]);
  }

  async finish(sql: Sql, id: string): Promise<void> {
    await sql.query('UPDATE erasure SET finished_at = now() WHERE id = $1', [id]);
  }
}
