import type { Announcement } from './outbox.writer.js';

/** What integrators may hear of scores, given their ids. */
export const scoreAnnouncements = (scores: {
  readonly inserted: readonly string[];
  readonly updated: readonly string[];
}): Announcement[] => [
  ...scores.inserted.map((id) => ({ kind: 'health_score.created', payload: { score_id: id } })),
  ...scores.updated.map((id) => ({ kind: 'health_score.updated', payload: { score_id: id } })),
];
