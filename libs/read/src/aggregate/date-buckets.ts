import { dateOfDay, dayOfDate, type LocalDate, type QueryInstant } from '#libs/model';
import type { QueryRange } from '../query-range.js';
import type { DateBucket } from './aggregate-query.js';
import { checkBucketCount } from './bucket-limit.js';

const LAST_DATE = '9999-12-31';

/** Local dates in [from, to). */
export interface DateRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Buckets of whole local dates, each known by its first date, and the dates that count in them. */
export interface DateBuckets extends DateRange {
  readonly firstDates: readonly LocalDate[];
  indexOf(date: LocalDate): number | null;
}

export const nextDate = (date: LocalDate): LocalDate => dateOfDay(dayOfDate(date) + 1);

/** The dates a range names, each bound in the offset it was given with; a last date that is cut counts whole. */
export function datesOf({ start, end }: QueryRange): DateRange {
  const lastDate = dateText(end);
  const to = end.isMidnight || lastDate === LAST_DATE ? lastDate : nextDate(lastDate);
  return { from: dateText(start), to };
}

const dateText = (instant: QueryInstant): LocalDate => instant.echo.slice(0, 10);

/**
 * All buckets that hold a date of the range; weeks begin on Monday. @throws Failure 400 when there are too many
 */
export function dateBuckets(bucket: DateBucket, { from, to }: DateRange, maxBuckets: number): DateBuckets {
  const firstDates: LocalDate[] = [];
  if (from < to) {
    const last = dateOfDay(dayOfDate(to) - 1);
    checkBucketCount(bucketsBetween(bucket, from, last), maxBuckets);
    for (let date = firstDateOf(bucket, from); date <= last; date = following(bucket, date)) firstDates.push(date);
  }
  const places = new Map(firstDates.map((date, place) => [date, place]));
  const indexOf = (date: LocalDate): number | null =>
    date < from || date >= to ? null : (places.get(firstDateOf(bucket, date)) ?? null);
  return { from, to, firstDates, indexOf };
}

function firstDateOf(bucket: DateBucket, date: LocalDate): LocalDate {
  if (bucket === 'day') return date;
  if (bucket === 'month') return `${date.slice(0, 7)}-01`;
  return dateOfDay(mondayOf(dayOfDate(date)));
}

/** 1970-01-01 was a Thursday. */
const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

function following(bucket: DateBucket, date: LocalDate): LocalDate {
  if (bucket !== 'month') return dateOfDay(dayOfDate(date) + (bucket === 'week' ? 7 : 1));
  const [year = 0, month = 0] = date.split('-').map(Number);
  const two = (n: number, digits: number): string => String(n).padStart(digits, '0');
  return month === 12 ? `${two(year + 1, 4)}-01-01` : `${two(year, 4)}-${two(month + 1, 2)}-01`;
}

function bucketsBetween(bucket: DateBucket, first: LocalDate, last: LocalDate): number {
  if (bucket === 'month') {
    const months = (date: LocalDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
    return months(last) - months(first) + 1;
  }
  const length = bucket === 'week' ? 7 : 1;
  return Math.floor((dayOfDate(last) - dayOfDate(firstDateOf(bucket, first))) / length) + 1;
}
