import { localDate, MINUTE } from '#libs/model';
import { UNKNOWN_SOURCE_NAME, type EventFields } from '../events/event-draft.js';
import { assignEvents, type Claim } from './event-assignment.js';
import type { DerivedSleep, SegmentFragment, SessionFragment, SleepFragment } from './fragment.js';
import type { FragmentCluster } from './fragment-cluster.js';
import { groupFragments } from './fragment-groups.js';
import { deriveSegmentSession } from './segment-session.js';
import { deriveVendorSession } from './vendor-session.js';

const EVENT_TYPE = 'sleep_session';

/** A session as it is to be stored. */
export interface DerivedEvent {
  readonly eventId: string;
  readonly fields: EventFields;
  readonly sleep: DerivedSleep;
  /** Made of segments: the vendor's score that came with them. Undefined for vendor sessions. */
  readonly segmentScore: number | null | undefined;
}

/** What one cluster's events are to become. */
export interface ClusterPlan {
  readonly events: readonly DerivedEvent[];
  /** Event of every fragment whose event is another than before. */
  readonly moves: readonly { readonly fragmentId: number; readonly eventId: string | null }[];
  /** Stored events that are no more, and an event that has fragments of theirs now. */
  readonly gone: ReadonlyMap<string, string | null>;
}

interface Group extends Claim {
  readonly fragments: readonly SleepFragment[];
  readonly sleep: DerivedSleep;
  readonly segmentScore: number | null | undefined;
}

/** Derives the sessions of a cluster again and finds the stored event that each goes on as; `newId` names new ones. */
export function planCluster(cluster: FragmentCluster, gapMinutes: number, newId: () => string): ClusterPlan {
  const groups = groupFragments(cluster.fragments, gapMinutes * MINUTE).flatMap(derive);
  const assigned = assignEvents(groups, [...cluster.events.values()]);
  const eventOf = new Map(groups.map((group) => [group, assigned.get(group) ?? newId()]));
  const eventOfFragment = new Map(
    groups.flatMap((group) => group.fragments.map(({ id }) => [id, eventOf.get(group)!] as const)),
  );
  const living = new Set(eventOf.values());
  const gone = new Map<string, string | null>();
  for (const id of cluster.events.keys()) {
    if (!living.has(id)) gone.set(id, successor(cluster.fragments, id, eventOfFragment));
  }
  return {
    events: groups.map((group) => {
      const { sleep, segmentScore } = group;
      return { eventId: eventOf.get(group)!, fields: fieldsOf(cluster.sourceId, sleep), sleep, segmentScore };
    }),
    moves: cluster.fragments.flatMap(({ id, eventId: former }) => {
      const eventId = eventOfFragment.get(id) ?? null;
      return eventId === former ? [] : [{ fragmentId: id, eventId }];
    }),
    gone,
  };
}

function derive(fragments: SleepFragment[]): Group[] {
  const formerEventIds = new Set(fragments.flatMap(({ eventId }) => eventId ?? []));
  if (fragments[0]?.kind === 'session') {
    const sleep = deriveVendorSession(fragments as SessionFragment[]);
    return [{ ...sleep, fragments, formerEventIds, sleep, segmentScore: undefined }];
  }
  const sleep = deriveSegmentSession(fragments as SegmentFragment[]);
  return sleep ? [{ ...sleep, fragments, formerEventIds, sleep, segmentScore: sleep.score }] : [];
}

const fieldsOf = (sourceId: string, sleep: DerivedSleep): EventFields => ({
  sourceId,
  category: 'sleep',
  type: EVENT_TYPE,
  externalId: sleep.externalId,
  sourceName: sleep.sourceName ?? UNKNOWN_SOURCE_NAME,
  startedAt: sleep.startedAt,
  endedAt: sleep.endedAt,
  zoneOffset: sleep.zoneOffset,
  durationSeconds: sleep.durationSeconds,
  localDate: localDate(sleep.endedAt, sleep.zoneOffset),
});

/** Where the first delivered of an event's fragments went. */
function successor(
  fragments: readonly SleepFragment[],
  eventId: string,
  eventOfFragment: ReadonlyMap<number, string>,
): string | null {
  const heir = fragments.find((fragment) => fragment.eventId === eventId && eventOfFragment.has(fragment.id));
  return heir ? eventOfFragment.get(heir.id)! : null;
}
