import type { ScoreRow, StoredScore } from './score-row.js';

export interface SameScores {
  /** Ids of rows that are stored already. */
  readonly idOf: ReadonlyMap<ScoreRow, string>;
  /** Stored scores that must go, because their event has room for one. */
  readonly surplus: readonly string[];
}

const kind = ({ provider, category }: Pick<StoredScore, 'provider' | 'category'>): string => `${provider}|${category}`;
const byTime = (score: Pick<StoredScore, 'provider' | 'category' | 'recordedAt' | 'eventId'>): string =>
  `${kind(score)}|${score.recordedAt}|${score.eventId}`;
const byEvent = (score: Pick<StoredScore, 'provider' | 'category' | 'eventId'>): string =>
  `${kind(score)}|${score.eventId}`;

/** What tells one score from another. */
export const scoreKey = (row: ScoreRow): string =>
  row.isOnePerEvent && row.eventId !== null ? byEvent(row) : byTime(row);

/**
 * Which stored score each row is. A score that came before its night and now knows the night is the same score.
 * `stored`: oldest first.
 */
export function sameScores(rows: readonly ScoreRow[], stored: readonly StoredScore[]): SameScores {
  const ofEvent = new Map<string, StoredScore[]>();
  for (const score of stored) ofEvent.set(byEvent(score), [...(ofEvent.get(byEvent(score)) ?? []), score]);
  const ofTime = new Map(stored.map((score) => [byTime(score), score.id]));
  const idOf = new Map<ScoreRow, string>();
  const surplus: string[] = [];
  const taken = new Set<string>();
  const claim = (row: ScoreRow, id: string | undefined): void => {
    if (id === undefined || taken.has(id)) return;
    taken.add(id);
    idOf.set(row, id);
  };
  for (const row of rows) {
    if (row.isOnePerEvent && row.eventId !== null) {
      const [first, ...others] = ofEvent.get(byEvent(row)) ?? [];
      claim(row, first?.id);
      surplus.push(...others.map(({ id }) => id));
    } else {
      claim(row, ofTime.get(byTime(row)));
    }
  }
  for (const row of rows) {
    if (!idOf.has(row) && row.eventId !== null) claim(row, ofTime.get(byTime({ ...row, eventId: null })));
  }
  return { idOf, surplus };
}
