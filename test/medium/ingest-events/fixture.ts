import type { UserRef } from '#libs/database';
import { HealthEraser, HealthWriter } from '#libs/ingest';
import type { HealthBatch, Instant, WriteReport } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at } from './batches.js';

export const NOW = at('2026-03-10T12:00');

export interface SleepEventRow {
  id: string;
  started_at: string;
  ended_at: string;
  duration_seconds: number;
  local_date: string;
  external_id: string | null;
  source: string;
  total_minutes: number;
  time_in_bed_minutes: number;
  efficiency_percent: number;
  deep_minutes: number;
  rem_minutes: number;
  light_minutes: number;
  awake_minutes: number;
  is_nap: boolean;
  stages: { stage: string; start_time: string; end_time: string }[] | null;
}

/** One database, and what tests ask it. */
export class Fixture {
  readonly writer = new HealthWriter();
  readonly eraser: HealthEraser;

  private constructor(readonly test: TestDatabase) {
    this.eraser = new HealthEraser(test.db);
  }

  static async open(): Promise<Fixture> {
    return new Fixture(await openTestDatabase());
  }

  user = (): Promise<UserRef> => given(this.test.db).user();

  write(user: UserRef, batch: HealthBatch, now: Instant = NOW): Promise<WriteReport> {
    return this.writer.write(this.test.db, user, batch, { now });
  }

  sleeps(user: UserRef): Promise<SleepEventRow[]> {
    return this.test.db.query<SleepEventRow & Record<string, unknown>>(
      `SELECT e.id, e.started_at, e.ended_at, e.duration_seconds, e.local_date, e.external_id, s.source,
         d.total_minutes, d.time_in_bed_minutes, d.efficiency_percent, d.deep_minutes, d.rem_minutes, d.light_minutes,
         d.awake_minutes, d.is_nap, d.stages
       FROM event e JOIN sleep_detail d USING (user_key) JOIN data_source s ON s.id = e.source_id
       WHERE e.user_key = $1 AND d.event_id = e.id
       ORDER BY e.started_at, e.ended_at, s.source`,
      [user.key],
    );
  }

  /** The window of every sleep event as `HH:MM-HH:MM`. */
  async windows(user: UserRef): Promise<string[]> {
    return (await this.sleeps(user)).map((row) => `${row.started_at.slice(11, 16)}-${row.ended_at.slice(11, 16)}`);
  }

  rows<T extends object>(text: string, user: UserRef): Promise<T[]> {
    return this.test.db.query<T & Record<string, unknown>>(text, [user.key]);
  }

  async announced(user: UserRef): Promise<string[]> {
    const rows = await this.rows<{ kind: string }>(
      `SELECT kind FROM outbox WHERE user_key = $1 AND kind <> 'points.stored' ORDER BY id`,
      user,
    );
    return rows.map((row) => row.kind);
  }

  /** Platform totals of all shards. */
  async totals(): Promise<Record<string, number>> {
    const rows = await this.test.db.query<{ name: string; value: number }>(
      'SELECT name, sum(value)::bigint AS value FROM platform_counter GROUP BY name',
    );
    return Object.fromEntries(rows.map((row) => [row.name, row.value]));
  }

  close = (): Promise<void> => this.test.close();
}
