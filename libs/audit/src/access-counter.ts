import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';
import type { ActorKind } from './audit-entry.js';

/** Who got at whose data. */
export interface DataAccess {
  readonly actorKind: ActorKind;
  readonly actorId: string;
  /** UUID */
  readonly userId: string;
  readonly kind: 'read' | 'write';
}

interface Tally {
  readonly day: string;
  readonly access: DataAccess;
  reads: number;
  writes: number;
}

const FLUSH_MS = 5000;

/** Sorted, so that two processes never deadlock. */
const ADD = `
  INSERT INTO data_access_day AS d (day, actor_kind, actor_id, user_id, reads, writes)
  SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[]) AS a
  ORDER BY 1, 2, 3, 4
  ON CONFLICT (day, actor_kind, actor_id, user_id) DO UPDATE
  SET reads = d.reads + excluded.reads, writes = d.writes + excluded.writes`;

/**
 * Counts reads and uploads of health data per caller, user and UTC day. Counted in memory and added up in the database
 * every few seconds and at shutdown; a killed process loses those seconds.
 */
@Injectable()
export class AccessCounter implements OnApplicationShutdown {
  private tallies = new Map<string, Tally>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(private readonly db: Database) {}

  count(access: DataAccess, now: Date): void {
    const day = now.toISOString().slice(0, 10);
    const key = `${day} ${access.actorKind} ${access.actorId} ${access.userId}`;
    const tally = this.tallies.get(key) ?? { day, access, reads: 0, writes: 0 };
    tally[access.kind === 'read' ? 'reads' : 'writes']++;
    this.tallies.set(key, tally);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Adds what was counted to the database, in one statement. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async write(): Promise<void> {
    const tallies = [...this.tallies.values()];
    if (tallies.length === 0) return;
    this.tallies = new Map();
    try {
      await this.db.query(ADD, [
        tallies.map(({ day }) => day),
        tallies.map(({ access }) => access.actorKind),
        tallies.map(({ access }) => access.actorId),
        tallies.map(({ access }) => access.userId),
        tallies.map(({ reads }) => reads),
        tallies.map(({ writes }) => writes),
      ]);
    } catch (error) {
      logger().warn({ error, tallies: tallies.length }, 'data_access_not_counted_yet');
      for (const tally of tallies) this.takeBack(tally);
    }
  }

  /** What could not be added is added the next time. */
  private takeBack(tally: Tally): void {
    const { day, access } = tally;
    const key = `${day} ${access.actorKind} ${access.actorId} ${access.userId}`;
    const newer = this.tallies.get(key);
    if (!newer) this.tallies.set(key, tally);
    else {
      newer.reads += tally.reads;
      newer.writes += tally.writes;
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }
}
