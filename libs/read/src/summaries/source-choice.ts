/** A source with its place in the user's order, as `rankedSources` computes it. */
export interface RankedSource {
  readonly sourceId: string;
  readonly provider: string;
  readonly source: string | null;
  readonly deviceModel: string | null;
  readonly deviceType: string | null;
  readonly position: number;
  readonly ownRank: number | null;
  readonly providerRank: number;
  readonly deviceRank: number;
}

/** The columns of `ranked` as a query returns them. */
export interface RankedRow {
  source_id: string;
  provider: string;
  source: string | null;
  device_model: string | null;
  device_type: string | null;
  position: number;
  own_rank: number | null;
  provider_rank: number;
  device_rank: number;
}

export const rankedSourceOf = (row: RankedRow): RankedSource => ({
  sourceId: row.source_id,
  provider: row.provider,
  source: row.source,
  deviceModel: row.device_model,
  deviceType: row.device_type,
  position: row.position,
  ownRank: row.own_rank,
  providerRank: row.provider_rank,
  deviceRank: row.device_rank,
});

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
  const having = candidates.filter(has);
  const strong = having.filter((candidate) => !isWeak(candidate));
  const pool = strong.length > 0 ? strong : having;
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
