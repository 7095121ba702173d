import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '#libs/database';

const LIMIT_MS = 30_000;
const STEP_MS = 20;

/** Waits until no upload is pending; throws, naming the uploads that still are, after half a minute. */
export async function drainInbox(db: Sql): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const pending = await db.query<{ id: number }>(
      `SELECT id, kind, provider, attempts, progress FROM inbox WHERE state = 'pending' ORDER BY id LIMIT 5`,
    );
    if (pending.length === 0) return;
    if (Date.now() > end) throw new Error(`Uploads are still pending: ${JSON.stringify(pending)}`);
    await pause(STEP_MS);
  }
}
