import { type Instant, type SeriesType, roundDecimal } from '#libs/model';
import type { AggregateFunction } from './aggregate-query.js';

/** What some samples of one series and source say together. */
export interface Samples {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number | null;
  readonly last_at: Instant;
}

/** The figures of one bucket while it is filled. */
export class Tally {
  private count = 0;
  private samplesSum = 0;
  private sum: number | null = null;
  private min = Infinity;
  private max = -Infinity;
  private last: number | null = null;
  private lastAt: Instant = -Infinity;

  /** Takes samples in; `sum` is what they add to the sum, a daily total where there is one. */
  add(samples: Samples, sum: number): void {
    this.count += samples.count;
    this.samplesSum += samples.sum;
    this.addSum(sum);
    this.min = Math.min(this.min, samples.min);
    this.max = Math.max(this.max, samples.max);
    if (samples.last_at >= this.lastAt) {
      this.last = samples.last;
      this.lastAt = samples.last_at;
    }
  }

  addSum(sum: number): void {
    this.sum = (this.sum ?? 0) + sum;
  }

  /** Three decimals, like stored values; coordinates keep all of theirs. */
  figure(name: AggregateFunction, series: SeriesType): number | null {
    const isCoordinate = series.code === 'latitude' || series.code === 'longitude';
    const rounded = (value: number | null): number | null =>
      value === null || isCoordinate ? value : roundDecimal(value);
    if (name === 'count') return this.count;
    if (name === 'sum') return rounded(this.sum);
    if (this.count === 0) return null;
    if (name === 'avg') return rounded(this.samplesSum / this.count);
    return name === 'last' ? this.last : this[name];
  }
}
