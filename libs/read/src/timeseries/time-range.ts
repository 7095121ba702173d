import { DAY, formatInstant, type Instant } from '#libs/model';

/** Instants in [from, to). Empty when `to` is not after `from`. */
export interface TimeRange {
  readonly from: Instant;
  readonly to: Instant;
}

export const isEmptyRange = (range: TimeRange): boolean => range.to <= range.from;

export const intersection = (a: TimeRange, b: TimeRange): TimeRange => ({
  from: Math.max(a.from, b.from),
  to: Math.min(a.to, b.to),
});

export const startOfUtcDay = (instant: Instant): Instant => Math.floor(instant / DAY) * DAY;

/** `YYYY-MM-DD` of the UTC day that holds the instant. */
export const utcDate = (instant: Instant): string => formatInstant(startOfUtcDay(instant)).slice(0, 10);
