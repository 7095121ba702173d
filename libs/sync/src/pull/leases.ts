import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';

const HELD_SECONDS = 15;
const BEAT_MS = 5000;

/** Locks that hold no database connection: rows whose holder says again and again that it lives. */
@Injectable()
export class Leases {
  constructor(private readonly db: Database) {}

  /** Runs `work` while holding the name; null when somebody else does. A holder that dies loses it within seconds. */
  async tryHold<T>(name: string, work: () => Promise<T>): Promise<{ readonly result: T } | null> {
    const holder = randomUUID();
    if (!(await this.hold(name, holder))) return null;
    const beat = setInterval(() => {
      this.hold(name, holder).catch((error: unknown) => logger().warn({ error, name }, 'lease_not_renewed'));
    }, BEAT_MS);
    try {
      return { result: await work() };
    } finally {
      clearInterval(beat);
      await this.db.query('DELETE FROM lease WHERE name = $1 AND holder = $2', [name, holder]);
    }
  }

  private async hold(name: string, holder: string): Promise<boolean> {
    const rows = await this.db.query(
      `INSERT INTO lease AS l (name, holder, held_until) VALUES ($1, $2, now() + $3 * interval '1 second')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
         WHERE l.holder = excluded.holder OR l.held_until < now()
       RETURNING 1`,
      [name, holder, HELD_SECONDS],
    );
    return rows.length > 0;
  }
}
