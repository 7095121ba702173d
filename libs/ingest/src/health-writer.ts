import { Inject, Injectable, Optional } from '@nestjs/common';
import { plannedOnce, type Session, type Sql, type UserRef } from '#libs/database';
import { Failure, instantFromDate, type HealthBatch, type Instant, type WriteReport } from '#libs/model';
import { refreshEventVitals } from './events/event-vitals.js';
import { writeEvents } from './events/write-events.js';
import { INGEST_SETTINGS, type IngestSettings } from './ingest-settings.js';
import { addToCounters } from './points/platform-counter.js';
import { PointPartitions } from './points/point-partitions.js';
import { writePoints } from './points/write-points.js';
import { moveScores } from './scores/move-scores.js';
import { writeScores } from './scores/write-scores.js';
import { resolveSources } from './sources/resolve-sources.js';
import { retryingTransient } from './transient-failures.js';

export interface WriteOptions {
  /** Runs at the end of the batch's transaction; what it throws undoes the whole batch. */
  within?: (sql: Sql, report: WriteReport) => Promise<void>;
  /** The time against which "in the future" is judged. */
  now?: Instant;
}

/** The only way health data is written. */
@Injectable()
export class HealthWriter {
  private readonly partitions = new PointPartitions();

  constructor(@Optional() @Inject(INGEST_SETTINGS) private readonly settings: IngestSettings = {}) {}

  /**
   * Stores one batch of one user in one transaction. The same batch written twice changes nothing the second time.
   * Records that cannot be stored are named in `problems`; Failure 404 when the user is gone.
   * Two batches of one user wait for each other; deadlocks and the like are tried again.
   */
  write(sql: Session, user: UserRef, batch: HealthBatch, options: WriteOptions = {}): Promise<WriteReport> {
    const now = options.now ?? instantFromDate(new Date());
    return retryingTransient(async (lastFailure) => {
      if (lastFailure === 'partition') this.partitions.forget();
      await this.partitions.ensure(sql, batch.points, now);
      return sql.transaction(async (transaction) => {
        await lockUser(transaction, user);
        const report = await this.store(transaction, user, batch, now, lastFailure === 'duplicate');
        await options.within?.(transaction, report);
        return report;
      });
    });
  }

  private async store(
    sql: Sql,
    user: UserRef,
    batch: HealthBatch,
    now: Instant,
    distrustStreamBounds: boolean,
  ): Promise<WriteReport> {
    const sourceIds = await resolveSources(sql, user, batch.provider, batch.sources);
    const context = { ...this.settings, sourceIds, provider: batch.provider, now };
    const points = await writePoints(sql, user, context, batch.points, { distrustStreamBounds });
    await moveScores(sql, user, context, batch.scores);
    const events = await writeEvents(sql, user, context, batch);
    const scores = await writeScores(sql, user, context, batch);
    await refreshEventVitals(sql, user, events.touchedEvents, points.touched);
    await addToCounters(sql, user, { points: points.counts.inserted });
    return {
      points: points.counts,
      workouts: events.workouts,
      sleep: events.sleep,
      cycles: events.cycles,
      scores: scores.counts,
      problems: [...points.problems, ...events.problems, ...scores.problems],
    };
  }
}

/** Serialises all writers of one user. Just-in-time compilation costs more than it saves on statements this small. */
async function lockUser(sql: Sql, user: UserRef): Promise<void> {
  const rows = await sql.query(
    plannedOnce(`SELECT u.key, set_config('jit', 'off', true) FROM users u WHERE u.key = $1 FOR NO KEY UPDATE`),
    [user.key],
  );
  if (rows.length === 0) throw new Failure(404, 'User not found');
}
