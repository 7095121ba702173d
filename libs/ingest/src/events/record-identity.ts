import type { Instant } from '#libs/model';

/**
 * What makes two deliveries the same record: the sender's id where both have one, else equal times. `scope` is what
 * the id is unique in (source and category).
 */
export interface Identifiable {
  readonly scope: string;
  readonly externalId: string | null;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

const externalKey = (record: Identifiable): string => `${record.scope}|${record.externalId}`;
const timesKey = (record: Identifiable): string => `${record.scope}|${record.startedAt}|${record.endedAt}`;

/** True when both stand for one record: equal ids, or equal times where at least one has no id. */
export function isSameRecord(a: Identifiable, b: Identifiable): boolean {
  if (a.scope !== b.scope) return false;
  if (a.externalId !== null && b.externalId !== null) return a.externalId === b.externalId;
  return a.startedAt === b.startedAt && a.endedAt === b.endedAt;
}

/**
 * One delivery per record, the last one of equals, in order of first appearance. A record delivered with and without
 * an id keeps the id.
 */
export function lastOfEach<T extends Identifiable>(records: readonly T[]): T[] {
  const kept: T[] = [];
  const slots = new SlotIndex();
  for (const record of records) {
    const slot = slots.find(record);
    if (slot === undefined) {
      slots.add(record, kept.push(record) - 1);
      continue;
    }
    const previous = kept[slot]!;
    slots.remove(previous, slot);
    const latest = record.externalId === null ? { ...record, externalId: previous.externalId } : record;
    kept[slot] = latest;
    slots.add(latest, slot);
  }
  return kept;
}

/**
 * Which stored record each delivered one is; delivered ones that are new are missing in the answer. Ids are matched
 * first, so that a record that moved away does not claim what arrived at its old times.
 */
export function matchStored<T extends Identifiable, S extends Identifiable>(
  records: readonly T[],
  stored: readonly S[],
): Map<T, S> {
  const matches = new Map<T, S>();
  const slots = new SlotIndex();
  stored.forEach((candidate, slot) => slots.add(candidate, slot));
  const claim = (record: T, slot: number | undefined): void => {
    if (slot === undefined) return;
    matches.set(record, stored[slot]!);
    slots.remove(stored[slot]!, slot);
  };
  for (const record of records) claim(record, slots.findById(record));
  for (const record of records) if (!matches.has(record)) claim(record, slots.findByTimes(record));
  return matches;
}

/** Finds the slot of a record by id or times without comparing all pairs. */
class SlotIndex {
  private readonly byId = new Map<string, number>();
  private readonly byTimes = new Map<string, { slot: number; hasId: boolean }[]>();

  add(record: Identifiable, slot: number): void {
    if (record.externalId !== null) this.byId.set(externalKey(record), slot);
    const key = timesKey(record);
    const entry = { slot, hasId: record.externalId !== null };
    const list = this.byTimes.get(key);
    if (list) list.push(entry);
    else this.byTimes.set(key, [entry]);
  }

  remove(record: Identifiable, slot: number): void {
    if (record.externalId !== null) this.byId.delete(externalKey(record));
    const key = timesKey(record);
    this.byTimes.set(key, this.byTimes.get(key)?.filter((entry) => entry.slot !== slot) ?? []);
  }

  find(record: Identifiable): number | undefined {
    return this.findById(record) ?? this.findByTimes(record);
  }

  findById(record: Identifiable): number | undefined {
    return record.externalId === null ? undefined : this.byId.get(externalKey(record));
  }

  /** A slot without an id is the better match; one with another id is none. */
  findByTimes(record: Identifiable): number | undefined {
    const list = this.byTimes.get(timesKey(record)) ?? [];
    const match = list.find((entry) => !entry.hasId) ?? (record.externalId === null ? list[0] : undefined);
    return match?.slot;
  }
}
