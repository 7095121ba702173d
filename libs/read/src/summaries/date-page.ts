import { dateOfDay, dayOfDate, type LocalDate } from '#libs/model';

/** Which local dates a summary page covers. `to` is the first date after the range. */
export interface DatePageQuery {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly limit: number;
  readonly sortOrder: 'asc' | 'desc';
  readonly cursor: { readonly date: LocalDate; readonly isBackward: boolean } | null;
}

/** The same page as a plain range scan: dates in [from, to), read in one direction, one more than the page holds. */
export interface DateScan {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly direction: 'ASC' | 'DESC';
  readonly count: number;
}

const later = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);
const earlier = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? a : b);

/** A page goes up in time when it is a forward page of an ascending list or a backward page of a descending one. */
export function dateScan({ from, to, limit, sortOrder, cursor }: DatePageQuery): DateScan {
  const goesUp = (sortOrder === 'asc') !== (cursor?.isBackward ?? false);
  const direction = goesUp ? 'ASC' : 'DESC';
  const count = limit + 1;
  if (!cursor) return { from, to, direction, count };
  if (!goesUp) return { from, to: earlier(to, cursor.date), direction, count };
  // Behind the range nothing follows, and the last date of the calendar has no next one.
  return { from: cursor.date < to ? later(from, dateOfDay(dayOfDate(cursor.date) + 1)) : to, to, direction, count };
}

export interface DatePage<T> {
  /** In the list's sort order. */
  readonly items: readonly T[];
  /** More items lie further in the direction that was read. */
  readonly hasMore: boolean;
}

/** Cuts the extra item of a scan and puts a backward page back into sort order. */
export function cutPage<T>(scanned: readonly T[], query: DatePageQuery): DatePage<T> {
  const items = scanned.slice(0, query.limit);
  if (query.cursor?.isBackward) items.reverse();
  return { items, hasMore: scanned.length > query.limit };
}

/** Splits rows that come sorted by date into one list per date, keeping their order. */
export function groupByDate<T extends { local_date: LocalDate }>(rows: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.local_date === row.local_date) last.push(row);
    else groups.push([row]);
  }
  return groups;
}
