import type { HealthBatch } from '#libs/model';

/** Several batches of one provider as one, in their order; each keeps its own sources. */
export function mergeBatches(batches: readonly [HealthBatch, ...HealthBatch[]]): HealthBatch {
  const [first, ...others] = batches;
  if (others.length === 0) return first;
  const merged = {
    provider: first.provider,
    sources: [...first.sources],
    points: [...first.points],
    workouts: [...first.workouts],
    sleepSegments: [...first.sleepSegments],
    sleepSessions: [...first.sleepSessions],
    cycles: [...first.cycles],
    scores: [...first.scores],
    activities: [...first.activities],
  };
  for (const batch of others) {
    const shift = merged.sources.length;
    const moved = <T extends { readonly sourceIndex: number }>(record: T): T => ({
      ...record,
      sourceIndex: record.sourceIndex + shift,
    });
    merged.sources.push(...batch.sources);
    for (const point of batch.points) merged.points.push(moved(point));
    for (const workout of batch.workouts) merged.workouts.push(moved(workout));
    for (const segment of batch.sleepSegments) merged.sleepSegments.push(moved(segment));
    for (const session of batch.sleepSessions) merged.sleepSessions.push(moved(session));
    for (const cycle of batch.cycles) merged.cycles.push(moved(cycle));
    for (const activity of batch.activities) merged.activities.push(moved(activity));
    for (const score of batch.scores) {
      merged.scores.push(score.sourceIndex === null ? score : { ...score, sourceIndex: score.sourceIndex + shift });
    }
  }
  return merged;
}
