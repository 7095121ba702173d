import { type Database } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import { parseIsoInstant, type HealthBatch, type Instant, type PointInput, type ProviderCode } from '#libs/model';
import {
  ActivitySummaryReader,
  type ActivitySummaryView,
  BodySummaryReader,
  type BodySummaryView,
  type Paged,
  RecoverySummaryReader,
  type RecoverySummaryView,
  SleepSummaryReader,
  type SleepSummaryView,
  Summaries,
} from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser, type UserOverrides } from '../../support/given.js';
import { batch, source } from '../ingest-events/batches.js';
import { rangeOf } from '../read/ranges.js';

export const NOW = time('2026-12-01T00:00:00Z');

/** An instant from ISO text. */
export function time(text: string): Instant {
  const instant = parseIsoInstant(text);
  if (instant === null) throw new Error(`Not an instant: ${text}`);
  return instant;
}

const device = (deviceModel: string | null, name: string) => source({ deviceModel, source: name });
export const WATCH = device('Watch7,1', 'Watch');
export const PHONE = device('iPhone17,2', 'Phone');
export const RING = device('Oura Ring 4', 'Ring');
export const STRAP = device('Polar H10', 'Strap');
export const CLOUD = device(null, 'cloud');

interface SampleOptions {
  /** Minutes east of UTC. */
  readonly zone?: number;
  /** Length in minutes; instantaneous unless given. */
  readonly minutes?: number;
  readonly isDailyTotal?: boolean;
  readonly from?: number;
}

/** One sample of the batch's source number `from`, the first unless given. */
export function sample(series: string, at: string, value: number, options: SampleOptions = {}): PointInput {
  const recordedAt = time(at);
  return {
    sourceIndex: options.from ?? 0,
    series,
    recordedAt,
    endedAt: options.minutes === undefined ? null : recordedAt + options.minutes * 60_000_000,
    value,
    isDailyTotal: options.isDailyTotal ?? false,
    externalId: null,
    zoneOffset: options.zone ?? null,
    origin: { collection: 'records', index: 0 },
  };
}

/** The total of a whole day. */
export const dayTotal = (series: string, at: string, value: number, options: SampleOptions = {}): PointInput =>
  sample(series, at, value, { ...options, isDailyTotal: true });

/** One sample a minute. */
export const everyMinute = (series: string, from: string, values: readonly number[], options: SampleOptions = {}) =>
  values.map((value, minute) => {
    const at = new Date(Date.parse(from) + minute * 60_000).toISOString();
    return sample(series, at, value, options);
  });

export interface PageOptions {
  readonly cursor?: string | null;
  readonly limit?: number;
  readonly sortOrder?: 'asc' | 'desc';
  readonly explain?: boolean;
}

export function summariesOf(db: Database): Summaries {
  return new Summaries(
    db,
    new ActivitySummaryReader(db),
    new SleepSummaryReader(db),
    new RecoverySummaryReader(db),
    new BodySummaryReader(db),
  );
}

/** A user, what was delivered about them and what the summaries say. */
export class Person {
  private readonly summaries: Summaries;

  constructor(
    readonly user: GivenUser,
    private readonly world: World,
  ) {
    this.summaries = summariesOf(world.db);
  }

  async write(provider: ProviderCode, records: Partial<HealthBatch>, now: Instant = NOW): Promise<void> {
    const report = await this.world.writer.write(
      this.world.db,
      this.user,
      batch({ sources: [WATCH], ...records, provider }),
      { now },
    );
    if (report.problems.length > 0) throw new Error(JSON.stringify(report.problems));
  }

  activity(start: string, end: string, options: PageOptions = {}): Promise<Paged<ActivitySummaryView>> {
    return this.summaries.activity(this.user.id, {
      ...pageQuery(start, end, options),
      sortOrder: options.sortOrder ?? 'asc',
    });
  }

  /** The summary of one local date. */
  async day(date: string, options: PageOptions = {}): Promise<ActivitySummaryView> {
    const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
    const { data } = await this.activity(date, next, options);
    if (data.length !== 1) throw new Error(`${data.length} days on ${date}`);
    return data[0]!;
  }

  sleep(start: string, end: string, options: PageOptions = {}): Promise<Paged<SleepSummaryView>> {
    return this.summaries.sleep(this.user.id, pageQuery(start, end, options));
  }

  recovery(start: string, end: string, options: PageOptions = {}): Promise<Paged<RecoverySummaryView>> {
    return this.summaries.recovery(this.user.id, pageQuery(start, end, options));
  }

  body(
    now: string,
    options: { days?: number; hours?: number; explain?: boolean } = {},
  ): Promise<BodySummaryView | null> {
    return this.summaries.body(this.user.id, {
      now: time(now),
      averagePeriodDays: options.days ?? 7,
      latestWindowHours: options.hours ?? 4,
      explain: options.explain ?? false,
    });
  }

  /** The user's own order, first the one that wins. */
  async prefers(...entries: { provider?: string; deviceType?: string }[]): Promise<void> {
    await this.world.db.query('DELETE FROM user_priority WHERE user_id = $1', [this.user.id]);
    for (const [rank, entry] of entries.entries()) {
      await this.world.db.query('INSERT INTO user_priority VALUES ($1, $2, $3, $4)', [
        this.user.id,
        rank,
        entry.provider ?? null,
        entry.deviceType ?? null,
      ]);
    }
  }
}

/** A database of one spec's own. */
export class World {
  readonly writer = new HealthWriter();
  readonly db: Database;

  private constructor(private readonly test: TestDatabase) {
    this.db = test.db;
  }

  static async open(): Promise<World> {
    return new World(await openTestDatabase());
  }

  async person(overrides?: UserOverrides): Promise<Person> {
    return new Person(await given(this.db).user(overrides), this);
  }

  close = (): Promise<void> => this.test.close();
}

const pageQuery = (start: string, end: string, { cursor, limit, explain }: PageOptions) => ({
  range: rangeOf(start, end),
  cursor: cursor ?? null,
  limit: limit ?? 50,
  explain: explain ?? false,
});
