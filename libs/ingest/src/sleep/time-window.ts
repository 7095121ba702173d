import type { Instant } from '#libs/model';

/** A closed stretch of time of one source. */
export interface TimeWindow {
  readonly sourceId: string;
  readonly from: Instant;
  readonly to: Instant;
}

export const widened = ({ sourceId, from, to }: TimeWindow, by: number): TimeWindow => ({
  sourceId,
  from: from - by,
  to: to + by,
});

/** Joins windows of one source that lie at most `gap` apart; sorted by source and start. */
export function joined(windows: readonly TimeWindow[], gap = 0): TimeWindow[] {
  const sorted = windows.toSorted((a, b) =>
    a.sourceId === b.sourceId ? a.from - b.from : a.sourceId < b.sourceId ? -1 : 1,
  );
  const result: TimeWindow[] = [];
  for (const window of sorted) {
    const last = result.at(-1);
    if (last?.sourceId === window.sourceId && window.from - last.to <= gap) {
      result[result.length - 1] = { ...last, to: Math.max(last.to, window.to) };
    } else {
      result.push(window);
    }
  }
  return result;
}

/** Which of sorted, disjoint windows holds the instant, or -1. */
export function indexOfWindow(windows: readonly TimeWindow[], sourceId: string, at: Instant): number {
  let low = 0;
  let high = windows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const window = windows[middle]!;
    if (window.sourceId < sourceId || (window.sourceId === sourceId && window.to < at)) low = middle + 1;
    else if (window.sourceId > sourceId || window.from > at) high = middle - 1;
    else return middle;
  }
  return -1;
}
