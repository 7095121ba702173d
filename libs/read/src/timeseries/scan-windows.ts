import { DAY, HOUR } from '#libs/model';
import type { Stream } from './stream.repository.js';
import { isEmptyRange, type TimeRange } from './time-range.js';

const SMALLEST = HOUR;
/** From here on the rest is read in one step. */
const LARGEST = 400 * DAY;
const SAFETY = 2;

/** How much longer each window is than the one before, so that a gap of years costs few steps. */
export const WINDOW_GROWTH = 6;

/**
 * Cuts a range into windows to be read one after the other until enough rows are found, from its start or, backward,
 * from its end. The first is as long as `wanted` rows should take at `rowsPerMicrosecond`, so that a dense range is read
 * in one small step.
 */
export function* scanWindows(
  range: TimeRange,
  isBackward: boolean,
  wanted: number,
  rowsPerMicrosecond: number,
): Generator<TimeRange> {
  let length = firstWindowLength(wanted, rowsPerMicrosecond);
  let rest = range;
  while (!isEmptyRange(rest)) {
    const window = nearestWindow(rest, length, isBackward);
    yield window;
    rest = without(rest, window, isBackward);
    length *= WINDOW_GROWTH;
  }
}

/** Twice the time that `wanted` rows take on average, so that most pages need one statement over few partitions. */
export const firstWindowLength = (wanted: number, rowsPerMicrosecond: number): number =>
  Math.ceil(Math.max((SAFETY * wanted) / rowsPerMicrosecond, SMALLEST));

/** The first `length` of the range, the last when reading backward; all of it when `length` is very long. */
export function nearestWindow(range: TimeRange, length: number, isBackward: boolean): TimeRange {
  if (length >= LARGEST) return range;
  return isBackward
    ? { from: Math.max(range.to - length, range.from), to: range.to }
    : { from: range.from, to: Math.min(range.from + length, range.to) };
}

/** What is left of a range behind a window at its start, or at its end when reading backward. */
export const without = (range: TimeRange, window: TimeRange, isBackward: boolean): TimeRange =>
  isBackward ? { from: range.from, to: window.from } : { from: window.to, to: range.to };

/** How many points a microsecond brings on average, over all streams together. */
export const pointDensity = (streams: readonly Stream[]): number =>
  streams.reduce((sum, stream) => sum + streamDensity(stream), 0);

export const streamDensity = ({ pointCount, firstAt, lastAt }: Stream): number =>
  pointCount / Math.max(lastAt - firstAt, DAY);
