import type { Sql, UserRef } from '#libs/database';

/** Waits until no batch of the user is being written, and keeps others waiting until the transaction ends. */
export async function lockUser(sql: Sql, user: UserRef): Promise<void> {
  await sql.query('SELECT key FROM users WHERE key = $1 FOR NO KEY UPDATE', [user.key]);
}
