import type { SeriesCode } from '#libs/model';
import type { QueryRange } from '../query-range.js';

export const AGGREGATE_BUCKETS = ['5min', '15min', 'hour', 'day', 'week', 'month'] as const;
export type AggregateBucket = (typeof AGGREGATE_BUCKETS)[number];
export type SubDayBucket = Extract<AggregateBucket, '5min' | '15min' | 'hour'>;
export type DateBucket = Exclude<AggregateBucket, SubDayBucket>;

export const AGGREGATE_FUNCTIONS = ['avg', 'min', 'max', 'sum', 'count', 'last'] as const;
export type AggregateFunction = (typeof AGGREGATE_FUNCTIONS)[number];

export interface AggregateQuery {
  /** The start counts, the end does not. Buckets of a day and longer take whole dates, those of the bounds as given. */
  readonly range: QueryRange;
  readonly types: readonly SeriesCode[];
  readonly bucket: AggregateBucket;
  /** Null = each series' own. */
  readonly functions: readonly AggregateFunction[] | null;
  /** IANA name. Null: days and longer are the records' own local dates, shorter buckets are in UTC. */
  readonly timeZone: string | null;
  /** More buckets a type are refused. */
  readonly maxBuckets: number;
}

type Figures = { readonly [F in AggregateFunction]?: number | null };

/** One bucket with the functions that were asked for; an empty one has `count` 0 and else null. */
export interface AggregateBucketView extends Figures {
  /** Instant in UTC; of the local date's midnight as if it were UTC where no time zone was given. */
  readonly start: string;
  /** Wall clock at the start, `YYYY-MM-DDTHH:MM:SS`. */
  readonly local_start: string;
}

export interface AggregateSeriesView {
  readonly type: SeriesCode;
  readonly unit: string;
  readonly bucket: AggregateBucket;
  readonly buckets: readonly AggregateBucketView[];
}

export interface AggregateView {
  readonly data: readonly AggregateSeriesView[];
  readonly metadata: {
    readonly start_time: string;
    readonly end_time: string;
    readonly time_zone: string | null;
    readonly bucket: AggregateBucket;
  };
}

export const isSubDay = (bucket: AggregateBucket): bucket is SubDayBucket =>
  bucket === '5min' || bucket === '15min' || bucket === 'hour';
