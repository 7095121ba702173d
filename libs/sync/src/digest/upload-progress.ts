import type { RowProblem, WriteCounts, WriteReport } from '#libs/model';

/** Kinds of rows an upload turns into. */
export const STORED_KINDS = ['points', 'workouts', 'sleep', 'cycles', 'scores'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

/** How far an upload has been stored, and what became of its items. Kept as JSON in the inbox. */
export interface UploadProgress {
  /** How the upload is cut into chunks. */
  readonly cut: string;
  /** Chunks of the upload, in its own order, that are done with. */
  readonly chunks: number;
  readonly counts: Readonly<Record<StoredKind, Readonly<WriteCounts>>>;
  /** Items that were not stored. */
  readonly dropped: number;
  /** The first problems, dropped items and warnings alike. */
  readonly problems: readonly RowProblem[];
  /** How often each message occurred, also beyond the listed problems. */
  readonly problemTotals: Readonly<Record<string, number>>;
  /** Items of types that are not stored, by type. */
  readonly skipped: Readonly<Record<string, number>>;
}

const LISTED_PROBLEMS = 100;
const LISTED_MESSAGES = 200;
const LISTED_TYPES = 500;
const OTHERS = '(others)';

const noCounts = (): WriteCounts => ({ inserted: 0, updated: 0, unchanged: 0 });

export const NO_PROGRESS: UploadProgress = {
  cut: '',
  chunks: 0,
  counts: { points: noCounts(), workouts: noCounts(), sleep: noCounts(), cycles: noCounts(), scores: noCounts() },
  dropped: 0,
  problems: [],
  problemTotals: {},
  skipped: {},
};

/** What one written part adds. */
export interface DonePart {
  readonly chunks: number;
  readonly report: WriteReport;
  /** Problems found before the part was written; the report holds those found by the writer. */
  readonly problems: readonly RowProblem[];
  readonly skipped: Readonly<Record<string, number>>;
}

/** The progress after one more part. Sizes stay bounded, whatever an upload is made of. */
export function advanced(progress: UploadProgress, part: DonePart): UploadProgress {
  const found = [...part.problems, ...part.report.problems];
  return {
    cut: progress.cut,
    chunks: progress.chunks + part.chunks,
    counts: Object.fromEntries(
      STORED_KINDS.map((kind) => [kind, sum(progress.counts[kind], part.report[kind])]),
    ) as UploadProgress['counts'],
    dropped: progress.dropped + found.filter(({ severity }) => severity === 'dropped').length,
    problems: [...progress.problems, ...found.slice(0, Math.max(0, LISTED_PROBLEMS - progress.problems.length))],
    problemTotals: addTotals(progress.problemTotals, countMessages(found), LISTED_MESSAGES),
    skipped: addTotals(progress.skipped, Object.entries(part.skipped), LISTED_TYPES),
  };
}

const sum = (a: WriteCounts, b: WriteCounts): WriteCounts => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
});

function countMessages(problems: readonly RowProblem[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { message } of problems) totals.set(message, (totals.get(message) ?? 0) + 1);
  return totals;
}

/** At most `limit` names are kept; what comes later under a new name is counted together. */
export function addTotals(
  totals: Readonly<Record<string, number>>,
  more: Iterable<readonly [name: string, count: number]>,
  limit = Infinity,
): Record<string, number> {
  const added = new Map(Object.entries(totals));
  for (const [name, count] of more) {
    const key = added.has(name) || added.size < limit ? name : OTHERS;
    added.set(key, (added.get(key) ?? 0) + count);
  }
  return Object.fromEntries(added);
}
