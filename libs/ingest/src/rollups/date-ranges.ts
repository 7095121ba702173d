import { DAY, MINUTE, type Instant } from '#libs/model';
import type { DayNumber } from '../points/point-row.js';

/** Half-open. */
export interface InstantRange {
  readonly from: Instant;
  readonly to: Instant;
}

/** Where points of the given local dates can lie: one range per run of adjoining dates. */
export function rangesOfDates(dates: Iterable<DayNumber>, zoneMin: number, zoneMax: number): InstantRange[] {
  const sorted = [...dates].sort((a, b) => a - b);
  const ranges: InstantRange[] = [];
  let start = sorted[0];
  sorted.forEach((date, i) => {
    if (sorted[i + 1] === date + 1) return;
    ranges.push({ from: start! * DAY - zoneMax * MINUTE, to: (date + 1) * DAY - zoneMin * MINUTE });
    start = sorted[i + 1];
  });
  return ranges;
}
