import type { Sql, UserRef } from '#libs/database';
import type { PointInput } from '#libs/model';
import { announceWithin } from '../outbox/outbox.writer.js';
import { pointAnnouncements } from '../outbox/point-announcements.js';
import { replaceArchivedTotals } from '../rollups/archived-totals.js';
import { refreshRollups } from '../rollups/refresh-rollups.js';
import { noCounts, type PointsResult, type WriteContext } from '../write-context.js';
import { checkPoints, problem } from './point-checks.js';
import type { OpenStream, PointRow, RowsOf } from './point-row.js';
import { storeRows } from './store-rows.js';
import { countChanges } from './stream-counters.js';
import { openStreams } from './stream.repository.js';

export interface PointWriteOptions {
  /** Look for stored points even where the streams say that there are none. */
  readonly distrustStreamBounds?: boolean;
}

/**
 * Stores points with everything that is derived from them: streams, counters, daily rollups, announcements. A handful
 * of statements whatever the size of the batch. Needs the user's lock and the partitions of all storable points.
 */
export async function writePoints(
  sql: Sql,
  user: UserRef,
  context: WriteContext,
  points: readonly PointInput[],
  options: PointWriteOptions = {},
): Promise<PointsResult> {
  const { streams, problems } = checkPoints(points, context);
  if (streams.length === 0) return { counts: noCounts(), problems, touched: [] };

  const { live, archivedTotals, late } = splitByArchive(await openStreams(sql, user, streams));
  for (const row of late) problems.push(problem(row, 'warning', null, LATE));
  const changes = await storeRows(sql, user, live, options.distrustStreamBounds ?? false);
  const replaced = await replaceArchivedTotals(sql, user, archivedTotals);
  if (changes.length > 0) {
    await countChanges(sql, user, changes);
    await refreshRollups(sql, user, changes);
    await announceWithin(sql, user, context, () => pointAnnouncements(context.provider, changes));
  }
  const accepted = streams.reduce((sum, { rows }) => sum + rows.length, -late.length);
  const inserted = changes.reduce((sum, change) => sum + change.inserted, 0);
  const updated = changes.reduce((sum, change) => sum + change.updated, replaced);
  const counts = { inserted, updated, unchanged: accepted - inserted - updated };
  return { counts, problems, touched: changes.map((change) => change.touched) };
}

const LATE = 'ignored: the points of this day are archived';

interface ArchiveSplit {
  readonly live: readonly RowsOf<OpenStream>[];
  readonly archivedTotals: readonly RowsOf<OpenStream>[];
  readonly late: readonly PointRow[];
}

/** On days whose points were dropped a daily total still replaces the stored one, anything else comes too late. */
function splitByArchive(groups: readonly RowsOf<OpenStream>[]): ArchiveSplit {
  const onArchived = (group: RowsOf<OpenStream>): PointRow[] =>
    group.stream.archivedDays.size === 0 ? [] : group.rows.filter((row) => group.stream.archivedDays.has(row.localDay));
  const onLive = ({ stream, rows }: RowsOf<OpenStream>): readonly PointRow[] =>
    stream.archivedDays.size === 0 ? rows : rows.filter((row) => !stream.archivedDays.has(row.localDay));
  return {
    live: groups.map((group) => ({ ...group, rows: onLive(group) })),
    archivedTotals: groups
      .filter(({ stream }) => stream.isDailyTotal)
      .map((group) => ({ ...group, rows: onArchived(group) })),
    late: groups.filter(({ stream }) => !stream.isDailyTotal).flatMap(onArchived),
  };
}
