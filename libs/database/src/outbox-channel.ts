import type { Sql } from './database.js';

/** Channel on which those who tell integrators hear that there is something to tell. */
export const OUTBOX_CHANNEL = 'outbox';

/** Says so, with the transaction `sql` belongs to. Nobody relies on being told; it is only sooner than looking. */
export async function stirOutbox(sql: Sql): Promise<void> {
  await sql.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']);
}
