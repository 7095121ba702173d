import { formatInstant, HOUR, type Instant, type LocalDate, MINUTE } from '#libs/model';
import type { SubDayBucket } from './aggregate-query.js';
import { checkBucketCount } from './bucket-limit.js';
import { type DateBuckets, nextDate } from './date-buckets.js';
import { ZoneClock } from './zone-clock.js';

/** A stretch of time from its start to that of the next slot. */
export interface Slot {
  readonly start: Instant;
  /** By this date's best source. */
  readonly date: LocalDate;
  /** Null: only helps to choose the source of its date. */
  readonly bucket: number | null;
}

export interface BucketTimes {
  readonly start: string;
  readonly localStart: string;
}

/** How points are gathered: slots without gaps between them, the end of the last one, and the buckets they fill. */
export interface SlotPlan {
  readonly slots: readonly Slot[];
  readonly end: Instant;
  readonly buckets: readonly BucketTimes[];
}

const LENGTHS: Readonly<Record<SubDayBucket, number>> = { '5min': 5 * MINUTE, '15min': 15 * MINUTE, hour: HOUR };
const EMPTY: SlotPlan = { slots: [], end: 0, buckets: [] };

/** One slot per local date of the zone. A date that the zone skipped has none, but is listed. */
export function dateSlots(buckets: DateBuckets, timeZone: string): SlotPlan {
  const midnight = (date: LocalDate): Instant => Date.parse(`${date}T00:00:00Z`) * 1000;
  const clock = new ZoneClock(timeZone, midnight(buckets.firstDates[0] ?? buckets.from), midnight(buckets.to));
  if (buckets.firstDates.length === 0) return EMPTY;
  const slots: Slot[] = [];
  for (let date = buckets.from; date < buckets.to; date = nextDate(date)) {
    const start = clock.startOfDate(date);
    if (clock.dateAt(start) === date) slots.push({ start, date, bucket: buckets.indexOf(date) });
  }
  const times = buckets.firstDates.map((date) => {
    const start = clock.startOfDate(date);
    return clock.dateAt(start) === date
      ? timesOf(clock, start)
      : { start: formatInstant(start), localStart: `${date}T00:00:00` };
  });
  return { slots, end: clock.startOfDate(buckets.to), buckets: times };
}

/**
 * Buckets by the zone's wall clock that touch [from, to). An hour that clocks show twice is two buckets. The slots
 * reach over the whole of the first and last date, so that what decides their source does not depend on the range.
 * @throws Failure 400 when there are too many
 */
export function subDaySlots(
  bucket: SubDayBucket,
  timeZone: string,
  from: Instant,
  to: Instant,
  maxBuckets: number,
): SlotPlan {
  const length = LENGTHS[bucket];
  const count = from < to ? Math.ceil(to / length) - Math.floor(from / length) : 0;
  checkBucketCount(count, maxBuckets);
  const clock = new ZoneClock(timeZone, from, Math.max(from, to));
  if (count === 0) return EMPTY;
  const begin = clock.startOfDate(clock.dateAt(from));
  const end = clock.startOfDate(nextDate(clock.dateAt(to - 1)));
  const slots: Slot[] = [];
  const buckets: BucketTimes[] = [];
  for (let start = begin; start < end;) {
    const next = Math.min(nextBucketStart(clock, start, length), end);
    const date = clock.dateAt(start);
    const isAsked = start < to && next > from;
    if (isAsked) buckets.push(timesOf(clock, start));
    for (const cut of cutsOf(start, next, from, to)) {
      const isInside = cut >= from && cut < to;
      slots.push({ start: cut, date, bucket: isInside ? buckets.length - 1 : null });
    }
    start = next;
  }
  return { slots, end, buckets };
}

/** The next round time of the wall clock, or the next change of the clock when that comes first. */
function nextBucketStart(clock: ZoneClock, start: Instant, length: number): Instant {
  const offset = clock.offsetAt(start);
  const next = (Math.floor((start + offset) / length) + 1) * length - offset;
  const change = clock.segments.find((segment) => segment.from > start)?.from ?? Infinity;
  return Math.min(next, change);
}

const cutsOf = (start: Instant, next: Instant, from: Instant, to: Instant): Instant[] => [
  start,
  ...[from, to].filter((bound) => bound > start && bound < next),
];

const timesOf = (clock: ZoneClock, start: Instant): BucketTimes => ({
  start: formatInstant(start),
  localStart: clock.wallText(start),
});
