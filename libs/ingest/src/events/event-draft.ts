import { createHash } from 'node:crypto';
import {
  DAY,
  localDate,
  MAX_INSTANT,
  MIN_INSTANT,
  SECOND,
  type Instant,
  type LocalDate,
  type Origin,
  type ZoneOffsetMinutes,
} from '#libs/model';
import { storableText } from '../sources/storable-text.js';
import type { TouchedEvent, WriteContext } from '../write-context.js';
import { wellFormed } from './json-text.js';
import type { ProblemLog } from './problem-log.js';

const MAX_EXTERNAL_ID = 100;
const MAX_SOURCE_NAME = 64;
const MAX_TYPE = 64;
const MAX_ZONE_MINUTES = 18 * 60;
const MAX_SECONDS = 2_147_483_647;
export const UNKNOWN_SOURCE_NAME = 'unknown';

export type EventCategory = TouchedEvent['category'];

/** The columns of an event beside its id. */
export interface EventFields {
  readonly sourceId: string;
  readonly category: EventCategory;
  readonly type: string | null;
  readonly externalId: string | null;
  readonly sourceName: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly durationSeconds: number | null;
  /** Local date of the end. */
  readonly localDate: LocalDate;
}

/** What every delivered event has, whatever its kind. */
export interface DeliveredEvent {
  readonly sourceIndex: number;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly origin: Origin;
  readonly externalId: string | null;
  readonly sourceName: string | null;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

export interface EventKind {
  readonly category: EventCategory;
  readonly type: string | null;
  /** Seconds as delivered; null = not known. */
  readonly durationSeconds: number | null;
  /** Longer than this is a fault of the sender. Days. */
  readonly longestDays: number;
}

/** Fields of one delivered event, cut to what the columns hold; null and a problem when it cannot be stored. */
export function checkEvent(
  event: DeliveredEvent,
  { category, type, durationSeconds, longestDays }: EventKind,
  context: WriteContext,
  log: ProblemLog,
): EventFields | null {
  const sourceId = checkWindow(event, longestDays, context, log);
  if (sourceId === null) return null;
  const zoneOffset = checkZone(event, log);
  return {
    sourceId,
    category,
    type: storableText(type, MAX_TYPE),
    externalId: storableId(event.externalId),
    sourceName: storableText(event.sourceName, MAX_SOURCE_NAME) ?? UNKNOWN_SOURCE_NAME,
    startedAt: event.startedAt,
    endedAt: event.endedAt,
    zoneOffset,
    durationSeconds: checkDuration(event, durationSeconds, log),
    localDate: localDate(event.endedAt, zoneOffset),
  };
}

/** The source's id when the record names one and its times make sense; else null and a problem. */
export function checkWindow(
  event: Pick<DeliveredEvent, 'sourceIndex' | 'origin' | 'startedAt' | 'endedAt'>,
  longestDays: number,
  context: WriteContext,
  log: ProblemLog,
): string | null {
  const { origin, startedAt, endedAt } = event;
  const sourceId = context.sourceIds[event.sourceIndex];
  if (sourceId === undefined) log.dropped(origin, 'source', 'unknown source');
  else if (!isInstant(startedAt)) log.dropped(origin, 'started_at', 'invalid time');
  else if (!isInstant(endedAt)) log.dropped(origin, 'ended_at', 'invalid time');
  else if (endedAt < startedAt) log.dropped(origin, 'ended_at', 'ends before it starts');
  else if (endedAt - startedAt > longestDays * DAY) log.dropped(origin, 'ended_at', `longer than ${longestDays} days`);
  else return sourceId;
  return null;
}

export const isInstant = (instant: Instant): boolean =>
  Number.isSafeInteger(instant) && instant >= MIN_INSTANT && instant <= MAX_INSTANT;

export function checkZone(
  { zoneOffset, origin }: Pick<DeliveredEvent, 'zoneOffset' | 'origin'>,
  log: ProblemLog,
): ZoneOffsetMinutes | null {
  if (zoneOffset === null) return null;
  if (Number.isInteger(zoneOffset) && Math.abs(zoneOffset) <= MAX_ZONE_MINUTES) return zoneOffset;
  log.warning(origin, 'zone_offset', 'invalid zone offset');
  return null;
}

/** An id as it is stored. One that is too long is known by its hash: cut, it could be taken for another's. */
export function storableId(externalId: string | null): string | null {
  if (externalId === null) return null;
  const clean = storableText(wellFormed(externalId), Number.MAX_SAFE_INTEGER);
  if (clean === null || clean.length <= MAX_EXTERNAL_ID) return clean;
  return createHash('sha256').update(clean).digest('hex');
}

export const cleanSourceName = (name: string | null): string | null => storableText(name, MAX_SOURCE_NAME);

/** Whole seconds; the length of the window where the sender's number is of no use. */
function checkDuration(event: DeliveredEvent, seconds: number | null, log: ProblemLog): number | null {
  if (seconds === null) return null;
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= MAX_SECONDS) return Math.trunc(seconds);
  log.warning(event.origin, 'duration_seconds', 'not a possible duration');
  return Math.trunc((event.endedAt - event.startedAt) / SECOND);
}
