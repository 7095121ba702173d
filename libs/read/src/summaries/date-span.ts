import { dateOfDay, dayOfDate, type LocalDate } from '#libs/model';
import { type DateScan, groupByDate } from './date-page.js';

/** How much wider than the dates still wanted a span may be after one that was half empty. */
export const SPAN_STRETCH = 4;

/** The same scan, further on. `count` is how many days the next span has. */
export type SpanQuery = DateScan;

/**
 * Reads the first dates of a scan in spans of as many days as dates are wanted, each starting at the next date that has
 * anything. A span is a plain range of dates, so whatever plan the database chooses, it reads no more than a few times
 * what it answers with; and a page without gaps takes one span.
 *
 * @param read rows of one span sorted by date in the scan's direction; none when no date of the scan has anything
 */
export async function readDates<T extends { local_date: LocalDate }>(
  scan: DateScan,
  read: (span: SpanQuery) => Promise<readonly T[]>,
): Promise<T[][]> {
  const dates: T[][] = [];
  let span = scan;
  for (;;) {
    const found = groupByDate(await read(span));
    dates.push(...found);
    const first = found[0]?.[0]?.local_date;
    const wanted = scan.count - dates.length;
    const rest = first === undefined || wanted <= 0 ? null : restBehind(span, first);
    if (!rest) return dates.slice(0, scan.count);
    span = { ...rest, count: found.length * 2 < span.count ? wanted * SPAN_STRETCH : wanted };
  }
}

/** What is left of a scan behind the span that began at `first`; null when that reached the end. */
function restBehind(span: SpanQuery, first: LocalDate): DateScan | null {
  if (span.direction === 'ASC') {
    const from = dayOfDate(first) + span.count;
    return from < dayOfDate(span.to) ? { ...span, from: dateOfDay(from) } : null;
  }
  const to = dayOfDate(first) - span.count + 1;
  return to > dayOfDate(span.from) ? { ...span, to: dateOfDay(to) } : null;
}

/**
 * The span as the columns `starts` and `ends` (exclusive) over the nearest dates that have anything; null without any.
 * Parameters as everywhere in summaries: $3 first date, $4 date after the last, $5 days of the span.
 */
export const spanOf = (direction: DateScan['direction'], date: string): string =>
  direction === 'ASC'
    ? `min(${date}) AS starts, least(min(${date}) + $5::integer, $4::date) AS ends`
    : `greatest(max(${date}) - $5::integer + 1, $3::date) AS starts, max(${date}) + 1 AS ends`;

/** The condition that a date lies in `span`. */
export const inSpan = (date: string): string =>
  `${date} >= (SELECT starts FROM span) AND ${date} < (SELECT ends FROM span)`;
