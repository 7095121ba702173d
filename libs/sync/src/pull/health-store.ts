import { Inject, Injectable } from '@nestjs/common';
import type { CloudConnection } from '#libs/cloud';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, type Sql, type UserRef } from '#libs/database';
import { HealthWriter, removeAtVendor } from '#libs/ingest';
import { Failure, type Instant, type JsonValue, type Removal } from '#libs/model';
import { counter } from '#libs/observability';
import { mapRecords, type CloudResource, type MappedRecords, type ProviderEnvironment } from '#libs/providers/kit';
import { FetchTurns, type FetchBase } from './fetch-turns.js';
import { MappingLookups } from './mapping-lookups.js';
import { NONE_SKIPPED, skippedOf, withSkipped, type SkippedRows } from './skipped-rows.js';

/** What storing records did to one user. */
export interface StoredRecords {
  readonly points: number;
  readonly workouts: number;
  readonly sleep: number;
  readonly scores: number;
  readonly inserted: number;
  readonly updated: number;
  /** Records left out. */
  readonly dropped: number;
  /** Records, and parts of records, left out. */
  readonly skipped: SkippedRows;
  readonly removed: number;
}

export const NOTHING_STORED: StoredRecords = {
  points: 0,
  workouts: 0,
  sleep: 0,
  scores: 0,
  inserted: 0,
  updated: 0,
  dropped: 0,
  skipped: NONE_SKIPPED,
  removed: 0,
};

export const addStored = (one: StoredRecords, other: StoredRecords): StoredRecords => ({
  points: one.points + other.points,
  workouts: one.workouts + other.workouts,
  sleep: one.sleep + other.sleep,
  scores: one.scores + other.scores,
  inserted: one.inserted + other.inserted,
  updated: one.updated + other.updated,
  dropped: one.dropped + other.dropped,
  skipped: withSkipped(one.skipped, other.skipped),
  removed: one.removed + other.removed,
});

export interface Records {
  readonly resource: CloudResource;
  readonly records: readonly JsonValue[];
  readonly environment: ProviderEnvironment;
  readonly now: Instant;
  readonly startIndex?: number;
  /** Where the fetch began; not there for what the vendor sent by itself. */
  readonly base?: FetchBase;
}

const droppedRecords = counter({
  name: 'vendor_records_dropped_total',
  help: 'Records of vendors that could not be read or stored',
  labels: ['provider', 'resource'],
});

/** Maps a vendor's records for one user and stores them. */
@Injectable()
export class HealthStore {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly db: Database,
    private readonly writer: HealthWriter,
    private readonly lookups: MappingLookups,
    private readonly turns: FetchTurns,
  ) {}

  /** Null when the user is gone. @throws Overtaken when newer data was stored since the fetch began; nothing is stored then */
  private async store(connection: CloudConnection, given: Records): Promise<StoredRecords | null> {
    const { resource, records, environment, now, startIndex = 0, base } = given;
    const lookups = await this.lookups.of(connection, resource, records);
    const mapped = mapRecords(connection.provider, resource, records, { now, environment, startIndex, ...lookups });
    const user = { id: connection.user_id, key: connection.user_key };
    let removed = 0;
    let version = null as number | null;
    const report = await this.writer
      .write(this.db, user, mapped.batch, {
        now,
        within: async (sql) => {
          removed = await this.remove(sql, user, connection, mapped.removals, now);
          version = await this.turns.advance(sql, connection, base);
        },
      })
      .catch(unlessGone);
    if (report === null) return null;
    if (version !== null) base?.set(connection.id, version);
    const problems = [...mapped.problems, ...report.problems];
    const dropped = problems.filter(({ severity }) => severity === 'dropped').length;
    if (dropped > 0) droppedRecords.inc({ provider: connection.provider, resource: resource.name }, dropped);
    const kinds = [report.points, report.workouts, report.sleep, report.cycles, report.scores];
    return {
      ...countsOf(mapped),
      inserted: kinds.reduce((sum, { inserted }) => sum + inserted, 0),
      updated: kinds.reduce((sum, { updated }) => sum + updated, 0),
      dropped,
      skipped: skippedOf(problems),
      removed,
    };
  }

  /** For all users of an account; what it did to the first. @throws Overtaken */
  async storeAll(connections: readonly CloudConnection[], given: Records): Promise<StoredRecords> {
    if (given.records.length === 0) return NOTHING_STORED;
    const stored: (StoredRecords | null)[] = [];
    for (const connection of connections) stored.push(await this.store(connection, given));
    return stored[0] ?? NOTHING_STORED;
  }

  /** What the vendor took back. */
  async takeBack(connection: CloudConnection, removal: Removal, now: Instant): Promise<number> {
    const user = { id: connection.user_id, key: connection.user_key };
    return this.db.transaction(async (sql) => {
      const removed = await this.remove(sql, user, connection, [removal], now);
      await this.turns.advance(sql, connection);
      return removed;
    });
  }

  private async remove(
    sql: Sql,
    user: UserRef,
    { provider }: CloudConnection,
    removals: readonly Removal[],
    now: Instant,
  ): Promise<number> {
    let removed = 0;
    for (const removal of removals) {
      const context = { provider, now, sleepEndGapMinutes: this.config.sleepEndGapMinutes };
      removed += await removeAtVendor(sql, user, context, removal);
    }
    return removed;
  }
}

const countsOf = ({ batch }: MappedRecords) => ({
  points: batch.points.length,
  workouts: batch.workouts.length,
  sleep: batch.sleepSessions.length + batch.sleepSegments.length,
  scores: batch.scores.length,
});

function unlessGone(error: unknown): null {
  if (error instanceof Failure && error.status === 404) return null;
  throw error;
}
