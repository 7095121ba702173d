import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';

const EVERY_MS = 5000;
const FORGET_AFTER = '1 hour';

/** Says in `worker_heartbeat` that this worker lives, and forgets workers that have long been silent. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Unique over machines and restarts. */
  readonly workerId = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => {
      // The next beat tries again; only silence of several beats means something.
      this.beat().catch((error: unknown) => logger().warn({ error }, 'heartbeat_failed'));
    }, EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.db
      .query('DELETE FROM worker_heartbeat WHERE worker_id = $1', [this.workerId])
      .catch((error: unknown) => {
        logger().warn({ error }, 'heartbeat_failed');
      });
  }

  /** Marks this worker as alive now. */
  async beat(): Promise<void> {
    await this.db.query(
      `WITH forgotten AS (DELETE FROM worker_heartbeat WHERE beat_at < now() - $2::interval AND worker_id <> $1)
       INSERT INTO worker_heartbeat (worker_id, beat_at) VALUES ($1, now())
       ON CONFLICT (worker_id) DO UPDATE SET beat_at = excluded.beat_at`,
      [this.workerId, FORGET_AFTER],
    );
  }
}
