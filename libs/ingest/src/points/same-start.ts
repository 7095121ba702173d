import { inZone, type PointRow, type RowsOf, type StreamIdentity } from './point-row.js';

/**
 * The rows of one stream in order of time, one per start. Of two different samples of a summed series the one with the
 * later end stays; otherwise the later delivery wins, with the earlier one's zone offset where it has none. Ascending order also keeps index pages full.
 */
export function oneRowPerStart({ stream, rows }: RowsOf<StreamIdentity>): readonly PointRow[] {
  if (isAscending(rows)) return rows;
  const isSummed = stream.series.aggregation === 'sum';
  const kept: PointRow[] = [];
  for (const row of rows.toSorted((a, b) => a.recordedAt - b.recordedAt)) {
    const last = kept.at(-1);
    if (last?.recordedAt !== row.recordedAt) kept.push(row);
    else if (!isSummed || row.originHash === last.originHash || endOf(row) >= endOf(last))
      kept[kept.length - 1] = inZone(row, last.zoneOffset);
  }
  return kept;
}

const endOf = (row: PointRow): number => row.endedAt ?? row.recordedAt;

function isAscending(rows: readonly PointRow[]): boolean {
  for (let i = 1; i < rows.length; i++) if (rows[i]!.recordedAt <= rows[i - 1]!.recordedAt) return false;
  return true;
}
