import type { RowProblem } from '#libs/model';

/** What was left out, by reason. */
export type SkippedRows = Readonly<Record<string, number>>;

export const NONE_SKIPPED: SkippedRows = {};

/** A run that goes wrong in more ways than these tells the rest as one. */
const MOST_REASONS = 20;
const OTHER = 'other';
/** A place in a list is no reason of its own. */
const PLACES = /\b\d+\b/g;

/** Problems as runs tell them: how many by field and reason. */
export const skippedOf = (problems: readonly RowProblem[]): SkippedRows =>
  problems.reduce<SkippedRows>((sum, problem) => withSkipped(sum, { [reasonOf(problem)]: 1 }), NONE_SKIPPED);

export function withSkipped(before: SkippedRows, more: SkippedRows): SkippedRows {
  const sum: Record<string, number> = { ...before };
  for (const [reason, count] of Object.entries(more)) {
    const key = reason in sum || Object.keys(sum).length < MOST_REASONS ? reason : OTHER;
    sum[key] = (sum[key] ?? 0) + count;
  }
  return sum;
}

const reasonOf = ({ path, message }: RowProblem): string =>
  path === null ? message : `${path.replace(PLACES, '*')} ${message}`;
