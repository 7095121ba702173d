import type { StoredSleep } from './event-assignment.js';
import type { SleepFragment } from './fragment.js';
import { indexOfWindow, joined, widened, type TimeWindow } from './time-window.js';

/** A stored fragment with its source and the event that was last derived from it. */
export interface StoredFragment {
  readonly sourceId: string;
  readonly fragment: SleepFragment;
  readonly event: StoredSleep | null;
}

/** Fragments and events of one source that have to be looked at together. */
export interface FragmentCluster {
  readonly sourceId: string;
  readonly windows: readonly TimeWindow[];
  readonly fragments: readonly SleepFragment[];
  readonly events: ReadonlyMap<string, StoredSleep>;
}

/**
 * What hangs together: touched windows, fragments, and the events derived from them so far, chained wherever no more
 * than `gap` lies between. Chains without a touched window are left out; chains that an event has fragments in (one of
 * them moved) are one cluster.
 */
export function touchedClusters(
  touched: readonly TimeWindow[],
  stored: readonly StoredFragment[],
  gap: number,
): FragmentCluster[] {
  const chains = joined([...touched, ...stored.flatMap(windowsOf)], gap);
  const chainOf = (sourceId: string, at: number): number => indexOfWindow(chains, sourceId, at);
  const members = new Map<number, StoredFragment[]>();
  for (const { sourceId, from } of touched) members.set(chainOf(sourceId, from), []);
  for (const item of stored) members.get(chainOf(item.sourceId, item.fragment.startedAt))?.push(item);
  return sharingEvents([...members]).map((group) => clusterOf(group, chains));
}

type Chain = readonly [index: number, members: readonly StoredFragment[]];

function sharingEvents(all: readonly Chain[]): Chain[][] {
  const groups = new Set<Chain[]>();
  const groupOf = new Map<string, Chain[]>();
  for (const chain of all) {
    const eventIds = new Set(chain[1].flatMap(({ event }) => event?.id ?? []));
    const related = new Set([...eventIds].flatMap((id) => [groupOf.get(id)].filter((group) => group !== undefined)));
    const group = [chain, ...[...related].flat()];
    for (const old of related) groups.delete(old);
    groups.add(group);
    for (const [, members] of group) for (const { event } of members) if (event) groupOf.set(event.id, group);
  }
  return [...groups];
}

function clusterOf(group: readonly Chain[], chains: readonly TimeWindow[]): FragmentCluster {
  const members = group.flatMap(([, fragments]) => fragments);
  const windows = group.map(([index]) => chains[index]!);
  return {
    sourceId: windows[0]!.sourceId,
    windows,
    fragments: members.map(({ fragment }) => fragment),
    events: new Map(members.flatMap(({ event }) => (event ? [[event.id, event] as const] : []))),
  };
}

/** True when everything that could hang together with the clusters lies within what was read. */
export function isClosed(clusters: readonly FragmentCluster[], read: readonly TimeWindow[], gap: number): boolean {
  return clusters
    .flatMap(({ windows }) => windows)
    .every((window) => {
      const { sourceId, from, to } = widened(window, gap);
      const index = indexOfWindow(read, sourceId, from);
      return index >= 0 && read[index]!.from < from && to < read[index]!.to;
    });
}

const windowsOf = ({ sourceId, fragment, event }: StoredFragment): TimeWindow[] => [
  { sourceId, from: fragment.startedAt, to: fragment.endedAt },
  ...(event ? [{ sourceId, from: event.startedAt, to: event.endedAt }] : []),
];
