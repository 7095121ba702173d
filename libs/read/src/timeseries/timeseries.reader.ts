import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { DAY, formatZoneOffset, type SeriesCode, type ZoneOffsetMinutes } from '#libs/model';
import type { KeysetCursor } from '../paging/cursor.js';
import { listCursor } from '../paging/list-cursor.js';
import { type Paged, sliceOf } from '../paging/page.js';
import type { QueryRange } from '../query-range.js';
import type { SourceView } from '../source/source-view.js';
import { countBuckets } from './bucket-count.repository.js';
import { scanBuckets } from './bucket-page.repository.js';
import { countKey } from './count-key.js';
import { countPoints } from './point-count.repository.js';
import { scanPoints } from './point-page.repository.js';
import { RecentResults } from './recent-results.js';
import { bucketLength, type BucketResolution, type Resolution } from './resolution.js';
import { streamUuid } from './stream-cursor.js';
import { type Stream, userStreams } from './stream.repository.js';
import type { TimeRange } from './time-range.js';

export interface TimeseriesQuery {
  /** An end at midnight of its own offset takes that whole day in. */
  readonly range: QueryRange;
  /** Null = all series. */
  readonly types: readonly SeriesCode[] | null;
  readonly resolution: Resolution;
  /** Wire text. */
  readonly cursor: string | null;
  readonly limit: number;
}

/** One sample, or one bucket of samples, of one source. */
export interface TimeseriesItem {
  readonly timestamp: string;
  readonly zone_offset: string | null;
  readonly type: SeriesCode;
  readonly value: number;
  readonly unit: string;
  readonly source: SourceView;
  /** Null where the distinction has no meaning: series that are not summed. */
  readonly is_daily_total: boolean | null;
}

interface Row {
  readonly stream_id: number;
  readonly recorded_at: string;
  readonly value: number;
  readonly zone_offset: ZoneOffsetMinutes | null;
}

interface Scan {
  readonly streams: readonly Stream[];
  readonly range: TimeRange;
  readonly cursor: KeysetCursor | null;
  readonly wanted: number;
}

interface Found {
  readonly rows: readonly Row[];
  readonly total: number;
}

const COUNT_LIFETIME_MILLISECONDS = 60_000;
const COUNT_CAPACITY = 500;

/** Samples of all of a user's sources side by side, in the order of their instants. */
@Injectable()
export class TimeseriesReader {
  /** The pages of one query share its total, as long as the counters of its streams stay as they are. */
  private readonly totals = new RecentResults<number>(COUNT_LIFETIME_MILLISECONDS, COUNT_CAPACITY, () =>
    performance.now(),
  );

  constructor(private readonly db: Database) {}

  /**
   * One page. Unknown users have no samples.
   * @throws Failure 400 when the cursor is none
   */
  async page(userId: string, query: TimeseriesQuery): Promise<Paged<TimeseriesItem>> {
    const cursor = await listCursor(this.db, userId, query.cursor, 'timeseries');
    const streams = await userStreams(this.db, userId, query.types);
    const scan = { streams, range: timeRangeOf(query.range), cursor, wanted: query.limit + 1 };
    const { rows, total } = await (query.resolution === 'raw'
      ? this.points(scan)
      : this.buckets(scan, query.resolution));
    const slice = sliceOf(rows, query.limit, cursor, (row) => ({ at: row.recorded_at, id: streamUuid(row.stream_id) }));
    const byId = new Map(streams.map((stream) => [stream.id, stream]));
    return {
      data: slice.rows.map((row) => itemOf(row, byId.get(row.stream_id)!)),
      pagination: {
        next_cursor: slice.nextCursor,
        previous_cursor: slice.previousCursor,
        has_more: slice.hasMore,
        total_count: total,
      },
      metadata: {
        resolution: query.resolution === 'raw' ? null : query.resolution,
        sample_count: slice.rows.length,
        start_time: query.range.start.echo,
        end_time: query.range.end.echo,
      },
    };
  }

  private async points({ streams, range, cursor, wanted }: Scan): Promise<Found> {
    const [rows, total] = await Promise.all([
      scanPoints(this.db, streams, range, cursor, wanted),
      this.totals.get(countKey(streams, range, 0), () => this.countPoints(streams, range)),
    ]);
    return { rows, total };
  }

  private async countPoints(streams: readonly Stream[], range: TimeRange): Promise<number> {
    const counts = await countPoints(this.db, streams, range);
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  }

  private async buckets({ streams, range, cursor, wanted }: Scan, resolution: BucketResolution): Promise<Found> {
    const length = bucketLength(resolution);
    const parts = streams.filter((stream) => !stream.isDailyTotal);
    const [rows, total] = await Promise.all([
      scanBuckets(this.db, parts, range, length, cursor, wanted),
      this.totals.get(countKey(parts, range, length), () => countBuckets(this.db, parts, range, length)),
    ]);
    return { rows, total };
  }
}

const timeRangeOf = ({ start, end }: QueryRange): TimeRange => ({
  from: start.instant,
  to: end.isMidnight ? end.instant + DAY : end.instant,
});

const itemOf = (row: Row, { series, source, isDailyTotal }: Stream): TimeseriesItem => ({
  timestamp: row.recorded_at,
  zone_offset: formatZoneOffset(row.zone_offset),
  type: series.code,
  value: row.value,
  unit: series.unit,
  source,
  is_daily_total: isDailyTotal || (series.aggregation === 'sum' ? false : null),
});
