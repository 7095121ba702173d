import type { RowProblem } from '#libs/model';
import { addTotals } from '../digest/upload-progress.js';

/** What was left out, by reason. */
export type SkippedRows = Readonly<Record<string, number>>;

export const NONE_SKIPPED: SkippedRows = {};

/** A run that goes wrong in more ways than these tells the rest as one. */
const MOST_REASONS = 20;
/** A place in a list is no reason of its own. */
const PLACES = /\b\d+\b/g;

/** Problems as runs tell them: how many by field and reason. */
export const skippedOf = (problems: readonly RowProblem[]): SkippedRows =>
  addTotals(
    NONE_SKIPPED,
    problems.map((problem) => [reasonOf(problem), 1] as const),
    MOST_REASONS,
  );

export const withSkipped = (before: SkippedRows, more: SkippedRows): SkippedRows =>
  addTotals(before, Object.entries(more), MOST_REASONS);

const reasonOf = ({ path, message }: RowProblem): string =>
  path === null ? message : `${path.replace(PLACES, '*')} ${message}`;
