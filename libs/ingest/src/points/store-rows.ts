import type { Sql, UserRef } from '#libs/database';
import { StreamChange } from './point-change.js';
import { inZone, type OpenStream, type PointRow, type RowsOf } from './point-row.js';
import { insertNew, upsert } from './point.repository.js';
import { oneRowPerStart } from './same-start.js';

type Group = RowsOf<OpenStream>;

/**
 * Writes rows into their streams and returns the streams that changed. Rows outside the bounds of their stream are
 * surely new and just inserted, unless the bounds are distrusted; all others are looked up first.
 */
export async function storeRows(
  sql: Sql,
  user: UserRef,
  groups: readonly Group[],
  distrustStreamBounds: boolean,
): Promise<StreamChange[]> {
  const sorted = groups.map((group) => ({ ...group, rows: oneRowPerStart(group) }));
  const isNew = (stream: OpenStream, row: PointRow): boolean => !distrustStreamBounds && isOutside(stream, row);
  const surelyNew = partOf(sorted, isNew);
  const others = partOf(sorted, (stream, row) => !isNew(stream, row));
  const changes = new Map(sorted.map(({ stream }) => [stream.id, new StreamChange(stream)]));

  if (others.length > 0) await upsertAndNote(sql, user, others, changes);
  if (surelyNew.length > 0) {
    await insertNew(sql, user, surelyNew);
    for (const { stream, rows } of surelyNew) for (const row of rows) changes.get(stream.id)!.addInserted(row);
  }
  return [...changes.values()].filter((change) => change.inserted + change.updated > 0);
}

const isOutside = ({ firstAt, lastAt }: OpenStream, { recordedAt }: PointRow): boolean =>
  firstAt === null || lastAt === null || recordedAt < firstAt || recordedAt > lastAt;

function partOf(groups: readonly Group[], belongs: (stream: OpenStream, row: PointRow) => boolean): Group[] {
  return groups
    .map(({ stream, rows }) => ({ stream, rows: rows.filter((row) => belongs(stream, row)) }))
    .filter(({ rows }) => rows.length > 0);
}

async function upsertAndNote(
  sql: Sql,
  user: UserRef,
  groups: readonly Group[],
  changes: ReadonlyMap<number, StreamChange>,
): Promise<void> {
  const { inserted, updated, oldZones } = await upsert(sql, user, groups);
  const rows = groups.flatMap((group) => group.rows);
  const streamIds = groups.flatMap(({ stream, rows }) => rows.map(() => stream.id));
  const changeAt = (place: number): StreamChange => changes.get(streamIds[place]!)!;
  for (const place of inserted) changeAt(place).addInserted(rows[place]!);
  updated.forEach((place, i) => {
    const oldZone = oldZones[i] ?? null;
    changeAt(place).addUpdated(inZone(rows[place]!, oldZone), oldZone);
  });
}
