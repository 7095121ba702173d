import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, type UserRef } from '#libs/database';
import { instantFromDate, parseQueryInstant } from '#libs/model';
import { AggregateReader, DashboardReader, DataCountsReader, ReadModule, Summaries } from '#libs/read';

/** One read of the bench: how long its p95 may be, what it does, and how many items it must answer with. */
export interface SummaryCase {
  readonly name: string;
  readonly targetMs: number;
  readonly items: number;
  /** `n` counts the rounds. */
  readonly ask: (n: number) => Promise<number>;
}

const DAY_MS = 86_400_000;

/** Summaries, aggregation and dashboard of the user, over days before `end`; the range moves a day back every round. */
export async function summaryCases(db: Database, user: UserRef, start: string, end: string): Promise<SummaryCase[]> {
  const context = await NestFactory.createApplicationContext(BenchModule.on(db), { logger: false });
  const summaries = context.get(Summaries, { strict: false });
  const counts = context.get(DataCountsReader, { strict: false });
  const aggregates = context.get(AggregateReader, { strict: false });
  const dashboard = context.get(DashboardReader, { strict: false });
  const spanDays = (Date.parse(end) - Date.parse(start)) / DAY_MS;
  const year = Math.min(365, spanDays);
  const range = (days: number, n: number) => {
    const last = Date.parse(end) - (n % Math.max(1, spanDays - days)) * DAY_MS;
    const text = (at: number) => parseQueryInstant(new Date(at).toISOString().slice(0, 10))!;
    return { start: text(last - days * DAY_MS), end: text(last) };
  };
  const page = { cursor: null, limit: 1000, explain: false };
  const activity = async (days: number, n: number): Promise<number> =>
    (await summaries.activity(user.id, { ...page, range: range(days, n), sortOrder: 'asc' })).data.length;
  const now = instantFromDate(new Date(Date.parse(end) - DAY_MS));
  return [
    { name: 'activity summary, 30 days', targetMs: 8, items: 30, ask: (n) => activity(30, n) },
    { name: `activity summary, ${year} days`, targetMs: 25, items: year, ask: (n) => activity(year, n) },
    {
      name: 'sleep summary, 30 nights',
      targetMs: 10,
      items: 30,
      ask: async (n) => (await summaries.sleep(user.id, { ...page, range: range(30, n) })).data.length,
    },
    {
      name: 'body summary',
      targetMs: 8,
      items: 1,
      ask: async () =>
        (await summaries.body(user.id, { now, averagePeriodDays: 7, latestWindowHours: 4, explain: false })) ? 1 : 0,
    },
    {
      name: 'data summary',
      targetMs: 8,
      items: 1,
      ask: async () => ((await counts.read(user.id, { start: null, end: null })).total_data_points > 0 ? 1 : 0),
    },
    {
      name: `aggregate of one type, ${year} days`,
      targetMs: 15,
      items: year,
      ask: async (n) => {
        const query = { types: ['steps'], bucket: 'day', functions: null, timeZone: null, maxBuckets: 5000 } as const;
        const { data } = await aggregates.read(user.id, { ...query, range: range(year, n) });
        return data[0]!.buckets.filter(({ sum }) => sum !== null).length;
      },
    },
    {
      name: 'dashboard stats',
      targetMs: 5,
      items: 1,
      ask: async () => ((await dashboard.stats()).data_points.count > 0 ? 1 : 0),
    },
  ];
}

@Module({})
class BenchModule {
  static on(db: Database): DynamicModule {
    const provider = { provide: Database, useValue: db };
    return { module: BenchModule, global: true, imports: [ReadModule], providers: [provider], exports: [provider] };
  }
}
