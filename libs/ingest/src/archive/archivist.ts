import { Injectable } from '@nestjs/common';
import { Database, type Session } from '#libs/database';
import type { Instant, LocalDate } from '#libs/model';
import { retryingTransient } from '../transient-failures.js';
import { ArchivalSettingsStore } from './archival-settings.store.js';
import { cutoffsOf } from './cutoffs.js';
import { dropPartition, partitionsBefore } from './drop-partition.js';
import { dropUserPoints, usersWithPointsBefore } from './drop-user-points.js';
import { purgeUser, usersWithRollupsBefore } from './purge-user.js';

/** What one run did. */
export interface ArchivalReport {
  readonly partitions_dropped: number;
  readonly points_dropped: number;
  readonly rollups_archived: number;
  readonly rollups_deleted: number;
  /** False when the time was up first; the next run goes on. */
  readonly is_complete: boolean;
}

export interface RunLimits {
  /** Looked at between steps. */
  readonly seconds: number;
  /** About as many points are deleted per transaction. */
  readonly pointsPerBatch: number;
  /** Milliseconds that only go up. */
  readonly clock: () => number;
}

const DEFAULTS: RunLimits = { seconds: 120, pointsPerBatch: 50_000, clock: () => performance.now() };
const LOCK_SPACE = 3;

/**
 * Drops points that are old enough and keeps their rollups; deletes rollups that are older still. Every step is one
 * transaction that leaves counters and rollups consistent, so a run may end at any moment and the next one goes on.
 * Writers of a user wait for the step that works on that user.
 */
@Injectable()
export class Archivist {
  constructor(
    private readonly db: Database,
    private readonly settings: ArchivalSettingsStore,
  ) {}

  /** Null when another run is under way. */
  run(now: Instant, limits: Partial<RunLimits> = {}): Promise<ArchivalReport | null> {
    return this.db.tryExclusive(LOCK_SPACE, 'archive', async (session) => {
      const { dropPointsBefore, dropRollupsBefore } = cutoffsOf(await this.settings.get(), now);
      const run = new ArchivalRun(session, { ...DEFAULTS, ...limits });
      if (dropPointsBefore !== null) await run.dropPoints(dropPointsBefore);
      if (dropRollupsBefore !== null) await run.dropRollups(dropRollupsBefore);
      return run.report;
    });
  }
}

class ArchivalRun {
  private readonly end: number;
  private partitions = 0;
  private points = 0;
  private archived = 0;
  private deleted = 0;
  private isComplete = true;

  constructor(
    private readonly session: Session,
    private readonly limits: RunLimits,
  ) {
    this.end = limits.clock() + limits.seconds * 1000;
  }

  get report(): ArchivalReport {
    return {
      partitions_dropped: this.partitions,
      points_dropped: this.points,
      rollups_archived: this.archived,
      rollups_deleted: this.deleted,
      is_complete: this.isComplete,
    };
  }

  /** Whole months first, then what is left of the month of the cutoff. */
  async dropPoints(cutoff: LocalDate): Promise<void> {
    for (const partition of await partitionsBefore(this.session, cutoff)) {
      if (this.isTimeUp()) return;
      const dropped = await retryingTransient(() => dropPartition(this.session, partition));
      this.partitions++;
      this.points += dropped.points;
      this.archived += dropped.rollups;
    }
    for (const userKey of await usersWithPointsBefore(this.session, cutoff)) {
      for (let isDone = false; !isDone;) {
        if (this.isTimeUp()) return;
        const step = (): ReturnType<typeof dropUserPoints> =>
          dropUserPoints(this.session, userKey, cutoff, this.limits.pointsPerBatch);
        const dropped = await retryingTransient(step);
        this.points += dropped.points;
        this.archived += dropped.rollups;
        isDone = dropped.isDone;
      }
    }
  }

  async dropRollups(cutoff: LocalDate): Promise<void> {
    for (const user of await usersWithRollupsBefore(this.session, cutoff)) {
      if (this.isTimeUp()) return;
      this.deleted += await retryingTransient(() => purgeUser(this.session, user, cutoff));
    }
  }

  private isTimeUp(): boolean {
    if (this.limits.clock() >= this.end) this.isComplete = false;
    return !this.isComplete;
  }
}
