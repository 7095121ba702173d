import type { WriteReport } from '#libs/model';
import { EXPORT_KINDS, type ExportKind, type ExportPart, type Totals } from '#libs/providers/apple';
import { addTotals } from '#libs/sync';

/** What became of the elements of one kind that can be stored. */
export interface KindProgress {
  readonly read: number;
  readonly stored: number;
  readonly updated: number;
  readonly unchanged: number;
  /** By reason. */
  readonly skipped: Totals;
}

/** How far a file has been stored, and what became of its elements. Kept as JSON with the import. */
export interface ImportProgress {
  /** Elements from the front that are done with. */
  readonly elements: number;
  readonly kinds: Readonly<Record<ExportKind, KindProgress>>;
  /** Elements of types that are not stored, by type. */
  readonly ignored: Totals;
}

const NOTHING: KindProgress = { read: 0, stored: 0, updated: 0, unchanged: 0, skipped: {} };
const MOST_NAMES = 500;

export const NO_PROGRESS: ImportProgress = {
  elements: 0,
  kinds: { records: NOTHING, workouts: NOTHING, sleep: NOTHING },
  ignored: {},
};

const REPORTED = { records: 'points', workouts: 'workouts', sleep: 'sleep' } as const;

/** The progress after one more part was stored. Sizes stay bounded, whatever a file is made of. */
export function advanced(progress: ImportProgress, part: ExportPart, report: WriteReport): ImportProgress {
  const refused = refusals(report);
  const kinds = EXPORT_KINDS.map((kind): [ExportKind, KindProgress] => {
    const before = progress.kinds[kind];
    const counts = report[REPORTED[kind]];
    return [
      kind,
      {
        read: before.read + part.read[kind],
        stored: before.stored + counts.inserted,
        updated: before.updated + counts.updated,
        unchanged: before.unchanged + counts.unchanged,
        skipped: addTotals(before.skipped, [...Object.entries(part.skipped[kind]), ...refused[kind]], MOST_NAMES),
      },
    ];
  });
  return {
    elements: progress.elements + part.elements,
    kinds: Object.fromEntries(kinds) as ImportProgress['kinds'],
    ignored: addTotals(progress.ignored, Object.entries(part.ignored), MOST_NAMES),
  };
}

/** Records that the writer did not take. */
function refusals(report: WriteReport): Record<ExportKind, [string, number][]> {
  const refused: Record<ExportKind, [string, number][]> = { records: [], workouts: [], sleep: [] };
  for (const { collection, message, severity } of report.problems) {
    if (severity === 'dropped') refused[collection as ExportKind].push([message, 1]);
  }
  return refused;
}

/** Records, workouts and stages of sleep that were stored now or before. */
export const processedOf = ({ kinds }: ImportProgress): number =>
  EXPORT_KINDS.reduce((sum, kind) => sum + kinds[kind].stored + kinds[kind].updated + kinds[kind].unchanged, 0);
