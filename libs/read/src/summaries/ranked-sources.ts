import type { Database, UserRef } from '#libs/database';
import { rankedSources } from '../source-ranking.js';

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

/** The user's sources by id. */
export type RankedSources = ReadonlyMap<string, RankedSource>;

interface SourceRow extends Record<string, unknown> {
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

const SOURCES_SQL = `WITH ${rankedSources('$1', '$2')} SELECT * FROM ranked`;

/** All sources of the user with their places, read beside the figures that name them by id. */
export async function rankedSourcesOf(db: Database, user: UserRef): Promise<RankedSources> {
  const rows = await db.prepared<SourceRow>(SOURCES_SQL, [user.key, user.id]);
  return new Map(rows.map((row) => [row.source_id, rankedSource(row)]));
}

const rankedSource = (row: SourceRow): RankedSource => ({
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

/** Rows with their sources, best first and else in their order. A source that appeared just now is not among them. */
export function byRank<T extends { readonly source_id: string }>(
  rows: readonly T[],
  sources: RankedSources,
): { readonly row: T; readonly rank: RankedSource }[] {
  const ranked: { row: T; rank: RankedSource }[] = [];
  for (const row of rows) {
    const rank = sources.get(row.source_id);
    if (rank) ranked.push({ row, rank });
  }
  return ranked.sort((a, b) => a.rank.position - b.rank.position);
}
