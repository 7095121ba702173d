import type { Sql } from '#libs/database';
import { parseIsoInstant, type Instant } from '#libs/model';
import { eventsOfSeries, eventType } from '../catalogue/event-type.js';
import { eventId, revision, type EventDraft } from './event-draft.js';
import { factEvent, isFact } from './fact-events.js';
import { storedPoints, type OutboxRow } from './outbox-row.js';
import { pointEvents } from './point-events.js';
import { readPoints } from './points.reader.js';
import { recordData, scoreData } from './record-data.js';
import { readEvents, readScores, type EventRecord } from './records.reader.js';

export interface BuildContext {
  readonly now: Instant;
  /** How long after its end a night may still grow. */
  readonly settlingMicros: number;
  /** Whether anybody named this additional type. */
  isWanted(type: string): boolean;
}

export interface BuiltEvents {
  readonly drafts: readonly EventDraft[];
  /** Rows to be told later, and when. */
  readonly later: ReadonlyMap<number, Instant>;
}

const POINTS = 'points.stored';
const RECORD = /^(workout|sleep|menstrual_cycle)\.(created|updated)$/;
const SCORE = /^health_score\.(created|updated)$/;

/** Turns rows of the outbox into events, reading what they are about as it is stored now. */
export async function buildEvents(sql: Sql, rows: readonly OutboxRow[], context: BuildContext): Promise<BuiltEvents> {
  const wanted = rows.filter((row) => isWanted(row, context));
  const of = (pattern: RegExp): OutboxRow[] => wanted.filter(({ kind }) => pattern.test(kind));
  const points = await readPoints(sql, of(/^points\.stored$/));
  const events = await readEvents(sql, of(RECORD).map(keyOf('event_id')));
  const scores = await readScores(sql, of(SCORE).map(keyOf('score_id')));
  const later = new Map<number, Instant>();
  const drafts = wanted.flatMap((row): EventDraft[] => {
    if (row.kind === POINTS) return pointEvents(row, points.get(row.id) ?? []);
    if (isFact(row.kind)) return [factEvent(row)];
    if (SCORE.test(row.kind)) {
      const score = scores.get(idIn(row, 'score_id'));
      return score ? [recordEvent(row, score.id, JSON.stringify(scoreData(row.userId, score)))] : [];
    }
    const event = events.get(idIn(row, 'event_id'));
    if (!event) return [];
    const settlesAt = settledAt(event, context);
    if (settlesAt <= context.now) return [recordEvent(row, event.id, JSON.stringify(recordData(row.userId, event)))];
    if (row.kind === 'sleep.created') later.set(row.id, settlesAt);
    return [];
  });
  return { drafts, later };
}

/** Kinds nobody here knows are told by nobody. */
function isWanted(row: OutboxRow, context: BuildContext): boolean {
  if (row.kind === POINTS) return eventsOfSeries(storedPoints(row).series).length > 0;
  const type = eventType(row.kind);
  return type !== undefined && (type.isUsual || context.isWanted(row.kind));
}

const keyOf = (name: string) => (row: OutboxRow) => ({ userKey: row.userKey, id: idIn(row, name) });

function idIn({ payload }: OutboxRow, name: string): string {
  const id = payload[name];
  return typeof id === 'string' ? id : '';
}

/** Only nights grow; until they have settled nobody hears of them. */
const settledAt = (event: EventRecord, { settlingMicros }: BuildContext): Instant =>
  event.category === 'sleep' ? (parseIsoInstant(event.ended_at) ?? 0) + settlingMicros : -Infinity;

/** `created` once per record, `updated` once per content. */
function recordEvent({ userKey, userId, kind }: OutboxRow, id: string, data: string): EventDraft {
  const parts = kind.endsWith('.created') ? [kind, id] : [kind, id, revision(data)];
  return { userKey, userId, type: kind, eventId: eventId(...parts), data };
}
