import type { RankedSource } from './ranked-sources.js';

export const CHOICE_REASONS = [
  'only_source',
  'user_override',
  'provider_priority',
  'device_priority',
  'tie_break',
  'newest',
] as const;

/** By which rule a source won; `newest` where time decides and not the order of the sources. */
export type ChoiceReason = (typeof CHOICE_REASONS)[number];

/** Why a source won one metric of one day. */
export interface Choice {
  readonly source: RankedSource;
  readonly reason: ChoiceReason;
  /** Sources that had the metric. */
  readonly candidates: number;
}

/** What decides between two sources. */
export type RankKeys = Pick<RankedSource, 'provider' | 'ownRank' | 'providerRank' | 'deviceRank'>;

export interface Candidate {
  readonly rank: RankedSource;
}

/**
 * The best candidate that has the metric. `isWeak` marks a candidate that counts as having no data while another has
 * some (a daily total of zero). Candidates come in order of position. Null when none has the metric.
 */
export function chooseSource<T extends Candidate>(
  candidates: readonly T[],
  has: (candidate: T) => boolean,
  isWeak: (candidate: T) => boolean = () => false,
): { winner: T; choice: Choice } | null {
  const owners = candidates.filter(has);
  const strong = owners.length > 1 ? owners.filter((candidate) => !isWeak(candidate)) : owners;
  const pool = strong.length > 0 ? strong : owners;
  const winner = pool[0];
  if (!winner) return null;
  return {
    winner,
    choice: { source: winner.rank, reason: reasonOf(winner.rank, pool[1]?.rank), candidates: pool.length },
  };
}

/** The first key in which the winner differs from the next in order. */
export function reasonOf(winner: RankKeys, next: RankKeys | undefined): ChoiceReason {
  if (!next) return 'only_source';
  if (winner.ownRank !== next.ownRank) return 'user_override';
  if (winner.providerRank !== next.providerRank) return 'provider_priority';
  if (winner.provider === next.provider && winner.deviceRank !== next.deviceRank) return 'device_priority';
  return 'tie_break';
}
