import { Injectable } from '@nestjs/common';
import { Database, isExclusivelyHeld } from '#libs/database';

export interface Leftover {
  readonly id: string;
  readonly object_key: string;
  readonly has_object: boolean;
}

/** Clients may be slow to tell that they have uploaded something. */
const GRACE = `interval '1 hour'`;

/** What the sweep finds: imports without a job, objects without a use, rows without a purpose. */
@Injectable()
export class ImportLeftovers {
  constructor(private readonly db: Database) {}

  /** Imports that wait for longer than `olderThanSeconds` and that nobody works on at this moment. */
  async waiting(lockSpace: number, olderThanSeconds: number, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM file_import i
       WHERE state = 'pending' AND updated_at < now() - $2 * interval '1 second'
         AND NOT ${isExclusivelyHeld('$1', 'i.id::text')}
       ORDER BY updated_at LIMIT $3`,
      [lockSpace, olderThanSeconds, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Files that never came, or are imported and still there. */
  async unused(limit: number): Promise<Leftover[]> {
    return this.db.query<Leftover>(
      `SELECT id, object_key, has_object FROM file_import
       WHERE (state = 'expected' AND expires_at < now() - ${GRACE})
         OR (state IN ('done', 'failed') AND has_object)
         OR (state IN ('done', 'failed') AND updated_at < now() - interval '7 days')
       LIMIT $1`,
      [limit],
    );
  }

  /** Deletes the row of an unused file unless its import has only just ended: a notice may come again. */
  async remove(id: string): Promise<void> {
    await this.db.query(
      `DELETE FROM file_import
       WHERE id = $1 AND (state = 'expected' OR updated_at < now() - interval '7 days')`,
      [id],
    );
    await this.db.query('UPDATE file_import SET has_object = false WHERE id = $1', [id]);
  }

  async forgetMessages(): Promise<void> {
    await this.db.query(`DELETE FROM sns_message WHERE received_at < now() - interval '1 day'`);
  }
}
