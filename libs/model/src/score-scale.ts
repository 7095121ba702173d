import { loadTable, shape } from './json-table.js';
import type { ScoreCategory } from './score-category.js';

/** Worst and best value of the scores that their provider publishes on another scale than 0..100. */
const scales = new Map(
  Object.entries(
    loadTable(
      new URL('./data/score-scales.json', import.meta.url),
      shape.record(shape.record(shape.pair(shape.number))),
    ),
  ).map(([category, providers]) => [category, new Map(Object.entries(providers))]),
);

/** A provider's score on 0..100, with six decimals: what a quotient shows beyond them is binary noise. */
export function percentOfScore(category: ScoreCategory, provider: string, value: number): number {
  const scale = scales.get(category)?.get(provider);
  if (!scale) return value;
  const [worst, best] = scale;
  return Number((((value - worst) / (best - worst)) * 100).toFixed(6));
}
