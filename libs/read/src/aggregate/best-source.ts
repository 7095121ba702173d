import type { LocalDate, SeriesType } from '#libs/model';
import { type Samples, Tally } from './tally.js';

/** Samples of one series, source and stretch of a local date. */
export interface Piece {
  readonly date: LocalDate;
  /** Null: only helps to choose the source of its date. */
  readonly bucket: number | null;
  /** The place of the source in the user's order; the smallest is best. */
  readonly position: number;
  readonly isDailyTotal: boolean;
  readonly samples: Samples;
}

/**
 * Fills the buckets of one series: of every local date with the pieces of the best source that has the series that day.
 * A source with nothing but a daily total of zero counts only when no other has anything.
 */
export function fillBuckets(series: SeriesType, pieces: readonly Piece[], bucketCount: number): Tally[] {
  const tallies = Array.from({ length: bucketCount }, () => new Tally());
  for (const ofDate of groupBy(pieces, (piece) => piece.date).values()) {
    const sources = [...groupBy(ofDate, (piece) => piece.position)].sort(([a], [b]) => a - b);
    const best = sources.find(([, own]) => !isZeroTotal(own)) ?? sources[0]!;
    addSource(series, best[1], tallies);
  }
  return tallies;
}

const isZeroTotal = (pieces: readonly Piece[]): boolean =>
  pieces.every(({ isDailyTotal, samples }) => isDailyTotal && samples.sum === 0);

/** The parts of a day give every figure; its total replaces their sum, or stands for them where there are none. */
function addSource(series: SeriesType, pieces: readonly Piece[], tallies: readonly Tally[]): void {
  const total = pieces.find((piece) => piece.isDailyTotal);
  const parts = pieces.filter((piece) => !piece.isDailyTotal);
  const givesSum = total !== undefined && series.aggregation === 'sum';
  for (const { bucket, samples } of parts.length > 0 ? parts : pieces) {
    if (bucket !== null) tallies[bucket]!.add(samples, givesSum ? 0 : samples.sum);
  }
  if (givesSum && total.bucket !== null) tallies[total.bucket]!.addSum(total.samples.sum);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
