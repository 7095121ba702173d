import type { Sql } from './database.js';

/** Channels on which workers hear that a table has something for them. */
export type Channel = 'outbox' | 'vendor_inbox';

/** What integrators are to be told. */
export const OUTBOX_CHANNEL: Channel = 'outbox';
/** What vendors delivered. */
export const VENDOR_INBOX_CHANNEL: Channel = 'vendor_inbox';

/** Says so, with the transaction `sql` belongs to. Nobody relies on being told; it is only sooner than looking. */
export async function stir(sql: Sql, channel: Channel): Promise<void> {
  await sql.query('SELECT pg_notify($1, $2)', [channel, '']);
}
