import { DAY, MINUTE, type Instant } from '#libs/model';
import type { DayNumber } from '../points/point-row.js';

/** Half-open. */
export interface InstantRange {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * Where points of the given local dates can lie, in order and apart from each other: with zones far apart the ranges of
 * two dates meet although a date lies between them, and a point in both would be counted twice.
 */
export function rangesOfDates(dates: Iterable<DayNumber>, zoneMin: number, zoneMax: number): InstantRange[] {
  const ranges: { from: Instant; to: Instant }[] = [];
  for (const date of [...dates].sort((a, b) => a - b)) {
    const from = date * DAY - zoneMax * MINUTE;
    const to = (date + 1) * DAY - zoneMin * MINUTE;
    const last = ranges.at(-1);
    if (last && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges;
}
