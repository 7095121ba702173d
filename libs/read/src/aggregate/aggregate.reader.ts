import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import {
  dateOfDay,
  formatInstant,
  type Instant,
  type LocalDate,
  MAX_INSTANT,
  MIN_INSTANT,
  type SeriesType,
  seriesTypeByCode,
} from '#libs/model';
import { numbersOf } from '../number-list.js';
import { UserFinder } from '../user-finder.js';
import {
  type AggregateBucketView,
  type AggregateFunction,
  type AggregateQuery,
  type AggregateSeriesView,
  type AggregateView,
  isSubDay,
} from './aggregate-query.js';
import { DAILY_TOTALS_SQL, ROLLUPS_SQL, slotsSql } from './aggregate.sql.js';
import { fillBuckets, type Piece } from './best-source.js';
import { type DateBuckets, dateBuckets, datesOf } from './date-buckets.js';
import { type BucketTimes, dateSlots, type SlotPlan, subDaySlots } from './slots.js';
import type { Samples, Tally } from './tally.js';

/** Lists of equal length, one entry per day. */
interface RollupLists extends Record<string, unknown> {
  series_type: number;
  position: number;
  is_daily_total: boolean;
  /** Since 1970. */
  days: string;
  counts: string;
  sums: string;
  mins: string;
  maxs: string;
  lasts: string;
  last_ats: string;
}

interface SlotRow extends Samples {
  series_type: number;
  position: number;
  slot: number;
}

/** A piece and the series it belongs to. */
type SeriesPiece = Piece & { readonly seriesType: number };

interface Filled {
  readonly buckets: readonly BucketTimes[];
  readonly pieces: readonly SeriesPiece[];
}

/** Figures of series per bucket of local time, every bucket of the range with or without data. */
@Injectable()
export class AggregateReader {
  constructor(
    private readonly db: Database,
    private readonly users: UserFinder,
  ) {}

  /**
   * Unknown users have no data.
   * @throws Failure 400 for a time zone that does not exist, and for too many buckets
   */
  async read(userId: string, query: AggregateQuery): Promise<AggregateView> {
    const series = [...new Set(query.types)].map((code) => seriesTypeByCode(code)!);
    const { buckets, pieces } = await this.filled(userId, query, series);
    const { range, timeZone, bucket } = query;
    return {
      data: series.map((each) => {
        const own = pieces.filter((piece) => piece.seriesType === each.id);
        return seriesView(each, query, buckets, fillBuckets(each, own, buckets.length));
      }),
      metadata: { start_time: range.start.echo, end_time: range.end.echo, time_zone: timeZone, bucket },
    };
  }

  private async filled(userId: string, query: AggregateQuery, series: readonly SeriesType[]): Promise<Filled> {
    const { bucket, range, timeZone, maxBuckets } = query;
    if (isSubDay(bucket)) {
      const plan = subDaySlots(bucket, timeZone ?? 'UTC', range.start.instant, range.end.instant, maxBuckets);
      const user = await this.users.find(userId);
      return { buckets: plan.buckets, pieces: user ? await this.fromPoints(user, query, series, plan) : [] };
    }
    const dates = dateBuckets(bucket, datesOf(range), maxBuckets);
    const plan = timeZone === null ? null : dateSlots(dates, timeZone);
    const user = await this.users.find(userId);
    const buckets = plan?.buckets ?? dates.firstDates.map(ownDateTimes);
    if (!user) return { buckets, pieces: [] };
    if (!plan) return { buckets, pieces: await this.fromRollups(user, ROLLUPS_SQL, series, dates) };
    // A daily total is of a local date by itself, whatever the zone.
    const [parts, totals] = await Promise.all([
      this.fromPoints(user, query, series, plan),
      this.fromRollups(user, DAILY_TOTALS_SQL, series, dates),
    ]);
    return { buckets, pieces: [...parts, ...totals] };
  }

  private async fromRollups(
    user: UserRef,
    text: string,
    series: readonly SeriesType[],
    dates: DateBuckets,
  ): Promise<SeriesPiece[]> {
    if (dates.firstDates.length === 0) return [];
    const ids = series.map(({ id }) => id);
    const streams = await this.db.prepared<RollupLists>(text, [user.key, user.id, ids, dates.from, dates.to]);
    return streams.flatMap((stream) => piecesOf(stream, dates));
  }

  private async fromPoints(
    user: UserRef,
    { functions }: AggregateQuery,
    series: readonly SeriesType[],
    { slots, end }: SlotPlan,
  ): Promise<SeriesPiece[]> {
    if (slots.length === 0) return [];
    const rows = await this.db.query<SlotRow & Record<string, unknown>>(
      slotsSql(functions?.includes('last') ?? false),
      [
        user.key,
        user.id,
        series.map(({ id }) => id),
        storable(slots[0]!.start),
        storable(end),
        slots.map(({ start }) => storable(start)),
      ],
    );
    return rows.map((row) => ({
      seriesType: row.series_type,
      date: slots[row.slot]!.date,
      bucket: slots[row.slot]!.bucket,
      position: row.position,
      isDailyTotal: false,
      samples: row,
    }));
  }
}

function piecesOf(stream: RollupLists, dates: DateBuckets): SeriesPiece[] {
  const { counts, sums, mins, maxs, lasts, last_ats } = stream;
  const [count, sum, min, max, last, lastAt] = [counts, sums, mins, maxs, lasts, last_ats].map(numbersOf);
  return numbersOf(stream.days).map((day, n) => {
    const date = dateOfDay(day);
    return {
      seriesType: stream.series_type,
      date,
      bucket: dates.indexOf(date),
      position: stream.position,
      isDailyTotal: stream.is_daily_total,
      samples: {
        count: count![n]!,
        sum: sum![n]!,
        min: min![n]!,
        max: max![n]!,
        last: last![n]!,
        last_at: lastAt![n]!,
      },
    };
  });
}

/** Nothing is stored beyond these ends of time, which the database could not read. */
const storable = (instant: Instant): string => formatInstant(Math.min(Math.max(instant, MIN_INSTANT), MAX_INSTANT));

const ownDateTimes = (date: LocalDate): BucketTimes => ({
  start: `${date}T00:00:00Z`,
  localStart: `${date}T00:00:00`,
});

function seriesView(
  series: SeriesType,
  { bucket, functions }: AggregateQuery,
  times: readonly BucketTimes[],
  tallies: readonly Tally[],
): AggregateSeriesView {
  const names: readonly AggregateFunction[] = functions ?? [series.aggregation];
  const buckets = times.map(({ start, localStart }, place): AggregateBucketView => {
    const figures = names.map((name) => [name, tallies[place]!.figure(name, series)] as const);
    return { start, local_start: localStart, ...Object.fromEntries(figures) };
  });
  return { type: series.code, unit: series.unit, bucket, buckets };
}
