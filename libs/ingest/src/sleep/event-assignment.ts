import { HOUR, localDate, type Instant, type ZoneOffsetMinutes } from '#libs/model';
import { compareText } from './fragment.js';

/** A stored sleep event. */
export interface StoredSleep {
  readonly id: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly createdAt: Instant;
}

/** A derived session and the events that its fragments made before. */
export interface Claim {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly formerEventIds: ReadonlySet<string>;
}

type Session = Pick<StoredSleep, 'startedAt' | 'endedAt' | 'zoneOffset'>;

/** The local noon-to-noon window that holds the start. */
export const nightKey = ({ startedAt, zoneOffset }: Session): string => localDate(startedAt + 12 * HOUR, zoneOffset);

/**
 * Which stored event each derived session goes on as; sessions that are missing in the answer are new.
 *
 * An event goes on as the session that has fragments of it and overlaps it or belongs to the same night; one whose
 * fragments all went elsewhere, as a session that overlaps it and is still without an event. Older events choose first, each
 * the session it overlaps most; so of several events that grew together the oldest stays, and of one that fell apart
 * the largest part keeps the id.
 */
export function assignEvents<T extends Claim>(sessions: readonly T[], events: readonly StoredSleep[]): Map<T, string> {
  const assigned = new Map<T, string>();
  const choose = (event: StoredSleep, candidates: readonly T[]): void => {
    const best = candidates
      .filter((session) => !assigned.has(session))
      .reduce<T | null>((found, session) => (found && !isCloser(event, session, found) ? found : session), null);
    if (best) assigned.set(best, event.id);
  };
  const homeless = events.toSorted(compareAge).filter((event) => {
    const heirs = sessions.filter((session) => isHeir(event, session));
    choose(event, heirs);
    return heirs.length === 0;
  });
  for (const event of homeless) {
    choose(
      event,
      sessions.filter((session) => overlap(event, session) > 0),
    );
  }
  return assigned;
}

const isHeir = (event: StoredSleep, session: Claim): boolean =>
  session.formerEventIds.has(event.id) && (overlap(event, session) > 0 || nightKey(event) === nightKey(session));

const compareAge = (a: StoredSleep, b: StoredSleep): number =>
  a.createdAt - b.createdAt || a.startedAt - b.startedAt || compareText(a.id, b.id);

const overlap = (a: Session, b: Session): number =>
  Math.max(0, Math.min(a.endedAt, b.endedAt) - Math.max(a.startedAt, b.startedAt));

function isCloser(event: StoredSleep, session: Session, other: Session): boolean {
  const difference = overlap(event, session) - overlap(event, other);
  return difference > 0 || (difference === 0 && session.startedAt < other.startedAt);
}
