import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { notFound } from '#libs/model';
import { INSERT_USER_PRIORITIES, LIST_USER_PRIORITIES } from './priorities.sql.js';
import type { UserPriorityView } from './priority.js';

/** A user's own order of sources, which comes before the order for all users. */
@Injectable()
export class UserPriorities {
  constructor(private readonly db: Database) {}

  /** First the entry that wins; empty when the user has no order of their own. @throws Failure 404 */
  async list(userId: string): Promise<UserPriorityView[]> {
    await findUser(this.db, 'SELECT id FROM users WHERE id = $1', userId);
    return entriesOf(this.db, userId);
  }

  /** Puts the given order in place of the present one. @throws Failure 404 */
  replace(userId: string, entries: readonly UserPriorityView[]): Promise<UserPriorityView[]> {
    return this.db.transaction(async (sql) => {
      // Two replacements at once must not mix.
      await findUser(sql, 'SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE', userId);
      await sql.query('DELETE FROM user_priority WHERE user_id = $1', [userId]);
      await sql.query(INSERT_USER_PRIORITIES, [
        userId,
        entries.map((entry) => entry.provider),
        entries.map((entry) => entry.device_type),
      ]);
      return entriesOf(sql, userId);
    });
  }
}

async function findUser(sql: Sql, statement: string, userId: string): Promise<void> {
  const rows = await sql.query(statement, [userId]);
  if (rows.length === 0) throw notFound('User not found');
}

const entriesOf = (sql: Sql, userId: string): Promise<UserPriorityView[]> =>
  sql.query<UserPriorityView & Record<string, unknown>>(LIST_USER_PRIORITIES, [userId]);
