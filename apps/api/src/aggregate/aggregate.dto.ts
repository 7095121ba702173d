import { type QueryInstant, SERIES_TYPES, type SeriesCode } from '#libs/model';
import {
  AGGREGATE_BUCKETS,
  type AggregateBucket,
  type AggregateBucketView,
  type AggregateFunction,
  type AggregateQuery,
  type AggregateSeriesView,
  type AggregateView,
} from '#libs/read';
import { Shown } from '../http/shown.js';
import { wireField } from '../http/wire/field.js';
import { oneOf } from '../http/wire/scalar.kinds.js';
import { WireEnum, WireInstant, WireList, WireString } from '../http/wire/wire.js';
import { functionList } from './function-list.kind.js';

const SERIES_CODES = SERIES_TYPES.map((series) => series.code);
const MOST_TYPES = 10;
const LONGEST_ZONE_NAME = 64;

export class AggregateParameters {
  @WireInstant({ description: 'First instant of the range; buckets of a day and longer begin with its date' })
  startTime!: QueryInstant;

  @WireInstant({
    description: 'First instant after the range; for buckets of a day and longer a date that is cut counts',
  })
  endTime!: QueryInstant;

  @WireList(oneOf(SERIES_CODES), { min: 1, max: MOST_TYPES, description: 'Repeat for several series' })
  types!: SeriesCode[];

  @WireEnum(AGGREGATE_BUCKETS, { description: 'Length of a bucket in local time; weeks begin on Monday' })
  bucket!: AggregateBucket;

  @wireField(functionList(), {
    optional: true,
    description: 'Repeated or separated by commas; the own function of each series when absent',
  })
  functions?: AggregateFunction[];

  @WireString({
    optional: true,
    blankIsAbsent: true,
    max: LONGEST_ZONE_NAME,
    description: 'IANA name. Without it days are the local dates of the samples themselves, shorter buckets are in UTC',
  })
  timeZone?: string;
}

export const aggregateQuery = (parameters: AggregateParameters, maxBuckets: number): AggregateQuery => ({
  range: { start: parameters.startTime, end: parameters.endTime },
  types: parameters.types,
  bucket: parameters.bucket,
  functions: parameters.functions ?? null,
  timeZone: parameters.timeZone ?? null,
  maxBuckets,
});

/** With the functions that were asked for; an empty bucket has `count` 0 and else null. */
class BucketAnswer implements AggregateBucketView {
  @Shown.timestamp({ description: 'In UTC; without time zone that of local midnight as if it were UTC' })
  start!: string;

  @Shown.text({ description: 'Wall clock, `YYYY-MM-DDTHH:MM:SS`' })
  local_start!: string;

  @Shown.number({ optional: true, nullable: true })
  avg?: number | null;

  @Shown.number({ optional: true, nullable: true })
  min?: number | null;

  @Shown.number({ optional: true, nullable: true })
  max?: number | null;

  @Shown.number({ optional: true, nullable: true, description: 'A daily total stands for the parts of its day' })
  sum?: number | null;

  @Shown.int({ optional: true, description: 'Samples' })
  count?: number;

  @Shown.number({ optional: true, nullable: true })
  last?: number | null;
}

class SeriesAnswer implements AggregateSeriesView {
  @Shown.oneOf(SERIES_CODES)
  type!: SeriesCode;

  @Shown.text()
  unit!: string;

  @Shown.oneOf(AGGREGATE_BUCKETS)
  bucket!: AggregateBucket;

  @Shown.list(() => BucketAnswer, { description: 'Every bucket of the range in order of time' })
  buckets!: BucketAnswer[];
}

class AggregateMetadata {
  @Shown.timestamp()
  start_time!: string;

  @Shown.timestamp()
  end_time!: string;

  @Shown.text({ nullable: true })
  time_zone!: string | null;

  @Shown.oneOf(AGGREGATE_BUCKETS)
  bucket!: AggregateBucket;
}

export class AggregateAnswer implements AggregateView {
  @Shown.list(() => SeriesAnswer)
  data!: SeriesAnswer[];

  @Shown.object(() => AggregateMetadata)
  metadata!: AggregateMetadata;
}
