import type { JsonObject, WriteCounts } from '#libs/model';
import type { UploadProgress } from './upload-progress.js';

/** What the task of a digested upload tells: everything that was stored, changed, left out or not understood. */
export function uploadResult(progress: UploadProgress): JsonObject {
  const { points, workouts, sleep, cycles, scores } = progress.counts;
  return {
    records_saved: handled(points),
    workouts_saved: workouts.inserted,
    sleep_saved: handled(sleep),
    dropped_count: progress.dropped,
    points: { ...points },
    workouts: { ...workouts },
    sleep: { ...sleep },
    cycles: { ...cycles },
    scores: { ...scores },
    problems: progress.problems.map((problem) => ({ ...problem })),
    problem_totals: progress.problemTotals,
    skipped: progress.skipped,
  };
}

const handled = ({ inserted, updated, unchanged }: WriteCounts): number => inserted + updated + unchanged;
