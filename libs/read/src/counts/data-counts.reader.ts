import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { formatInstant, type Instant, MAX_INSTANT, MIN_INSTANT, type SeriesCode } from '#libs/model';
import { countPoints } from '../timeseries/point-count.repository.js';
import { userStreams } from '../timeseries/stream.repository.js';

/** Bounds of the count, each on its own; null = open. The start counts, the end does not. */
export interface CountRange {
  readonly start: Instant | null;
  readonly end: Instant | null;
}

/** How much a user has; maps and providers come with the largest count first, equal ones by name. */
export interface DataCounts {
  readonly user_id: string;
  readonly total_data_points: number;
  readonly total_workouts: number;
  readonly total_sleep_events: number;
  readonly series_type_counts: Readonly<Record<SeriesCode, number>>;
  readonly workout_type_counts: Readonly<Record<string, number>>;
  readonly by_provider: readonly ProviderCounts[];
  readonly has_womens_health_data: boolean;
}

export interface ProviderCounts {
  readonly provider: string;
  readonly data_points: number;
  readonly series_counts: Readonly<Record<SeriesCode, number>>;
  readonly workout_count: number;
  readonly sleep_count: number;
}

interface PointCount {
  readonly provider: string;
  readonly series: SeriesCode;
  readonly count: number;
}

interface EventCount {
  readonly provider: string;
  readonly category: string;
  readonly type: string | null;
  readonly count: number;
}

const EVENTS_SQL = `
  WITH counted AS MATERIALIZED (
    SELECT e.source_id, c.category, e.type, e.count
    FROM unnest('{workout,sleep,menstrual_cycle}'::text[]) AS c (category)
    CROSS JOIN LATERAL (
      SELECT source_id, type, count(*) AS count
      FROM event
      WHERE user_key = (SELECT key FROM users WHERE id = $1) AND category = c.category
        AND started_at >= $2 AND started_at < $3
      GROUP BY source_id, type
    ) e
  )
  SELECT d.provider, c.category, c.type, c.count
  FROM counted c
  CROSS JOIN LATERAL (SELECT provider FROM data_source WHERE id = c.source_id OFFSET 0) d`;

/** Counts per series, workout type and provider, from counters; samples by recorded_at, events by their start. */
@Injectable()
export class DataCountsReader {
  constructor(private readonly db: Database) {}

  /** Unknown users have nothing. */
  async read(userId: string, { start, end }: CountRange): Promise<DataCounts> {
    const range = { from: start ?? MIN_INSTANT, to: end ?? MAX_INSTANT };
    const [points, events] = await Promise.all([
      this.points(userId, range),
      this.db.query<EventCount>(EVENTS_SQL, [userId, formatInstant(range.from), formatInstant(range.to)]),
    ]);
    const workouts = events.filter((event) => event.category === 'workout');
    return {
      user_id: userId,
      total_data_points: total(points),
      total_workouts: total(workouts),
      total_sleep_events: total(events.filter((event) => event.category === 'sleep')),
      series_type_counts: tally(points, (row) => row.series),
      workout_type_counts: tally(workouts, (row) => row.type ?? 'unknown'),
      by_provider: byProvider(points, events),
      has_womens_health_data: events.some((event) => event.category === 'menstrual_cycle'),
    };
  }

  private async points(userId: string, range: { from: Instant; to: Instant }): Promise<PointCount[]> {
    const streams = await userStreams(this.db, userId, null);
    const counts = await countPoints(this.db, streams, range);
    return streams
      .map(({ id, source, series }) => ({ provider: source.provider, series: series.code, count: counts.get(id) ?? 0 }))
      .filter(({ count }) => count > 0);
  }
}

const total = (rows: readonly { count: number }[]): number => rows.reduce((sum, { count }) => sum + count, 0);

function tally<T extends { count: number }>(rows: readonly T[], nameOf: (row: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + row.count);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function byProvider(points: readonly PointCount[], events: readonly EventCount[]): ProviderCounts[] {
  const counted = events.filter(({ category }) => category !== 'menstrual_cycle');
  const providers = new Set([...points, ...counted].map(({ provider }) => provider));
  const size = (row: ProviderCounts): number => row.data_points + row.workout_count + row.sleep_count;
  return [...providers]
    .map((provider) => providerCounts(provider, points, events))
    .sort((a, b) => size(b) - size(a) || (a.provider < b.provider ? -1 : 1));
}

function providerCounts(
  provider: string,
  points: readonly PointCount[],
  events: readonly EventCount[],
): ProviderCounts {
  const own = points.filter((row) => row.provider === provider);
  const eventCount = (category: string): number =>
    total(events.filter((row) => row.provider === provider && row.category === category));
  return {
    provider,
    data_points: total(own),
    series_counts: tally(own, (row) => row.series),
    workout_count: eventCount('workout'),
    sleep_count: eventCount('sleep'),
  };
}
