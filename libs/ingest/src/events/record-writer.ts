import { randomUUID } from 'node:crypto';
import type { Sql, UserRef } from '#libs/database';
import { localDate, type HealthBatch, type Instant, type WriteCounts } from '#libs/model';
import { announceWithin } from '../outbox/outbox.writer.js';
import { noCounts, type TouchedEvent, type WriteContext } from '../write-context.js';
import { upsertCycleDetails } from './cycle-detail.repository.js';
import { eventDrafts, type EventDraft } from './event-drafts.js';
import type { EventCategory } from './event-draft.js';
import { findEventsLike, findTombstones, markUpdated, upsertEvents } from './event.repository.js';
import type { ProblemLog } from './problem-log.js';
import { isSameRecord, lastOfEach, matchStored } from './record-identity.js';
import { estimatedColumns } from './workout-detail.js';
import { upsertWorkoutDetails, upsertWorkoutTracks } from './workout-detail.repository.js';

export interface RecordsResult {
  readonly counts: Readonly<Record<Exclude<EventCategory, 'sleep'>, WriteCounts>>;
  readonly touchedEvents: readonly TouchedEvent[];
}

/** Categories that integrators hear of. */
const ANNOUNCED: ReadonlySet<EventCategory> = new Set(['workout', 'menstrual_cycle']);

type Row = EventDraft & { readonly id: string };

/**
 * Stores workouts, menstrual cycles and other activities. A record that is stored already is brought up to date; one
 * that was deleted by hand stays deleted and counts as unchanged, as do all but the last of equal records.
 */
export async function writeRecords(
  sql: Sql,
  user: UserRef,
  context: WriteContext,
  batch: HealthBatch,
  log: ProblemLog,
): Promise<RecordsResult> {
  const counts = { workout: noCounts(), menstrual_cycle: noCounts(), activity: noCounts() };
  const drafts = eventDrafts(batch, context, log);
  if (drafts.length === 0) return { counts, touchedEvents: [] };
  const rows = await identify(sql, user, drafts);
  const { inserted, updated } = await store(sql, user, rows, context.now);
  for (const { category } of drafts) if (category !== 'sleep') counts[category].unchanged++;
  const touched = rows.filter((row) => inserted.has(row.id) || updated.has(row.id));
  for (const { id, category } of touched) {
    if (category === 'sleep') continue;
    counts[category].unchanged--;
    counts[category][inserted.has(id) ? 'inserted' : 'updated']++;
  }
  await announceWithin(sql, user, context, () =>
    touched
      .filter(({ category }) => ANNOUNCED.has(category))
      .map(({ id, category }) => ({
        kind: `${category}.${inserted.has(id) ? 'created' : 'updated'}`,
        payload: { event_id: id },
      })),
  );
  return {
    counts,
    touchedEvents: touched.map(({ id, category, sourceId, startedAt, endedAt }) => ({
      id,
      category,
      sourceId,
      startedAt,
      endedAt,
    })),
  };
}

/** One row per record with the id it has or gets; records that were deleted by hand are left out. */
async function identify(sql: Sql, user: UserRef, drafts: readonly EventDraft[]): Promise<Row[]> {
  const records = lastOfEach(drafts);
  const tombstones = await findTombstones(
    sql,
    user,
    records.map((record) => record.sourceId),
  );
  const living = records.filter((record) => !tombstones.some((tombstone) => isSameRecord(record, tombstone)));
  const matches = matchStored(living, await findEventsLike(sql, user, living));
  return living.map((record) => {
    const stored = matches.get(record);
    if (!stored) return { ...record, id: randomUUID() };
    // What a delivery does not know is not unlearned.
    const zoneOffset = record.zoneOffset ?? stored.zoneOffset;
    const externalId = record.externalId ?? stored.externalId;
    return { ...record, id: stored.id, externalId, zoneOffset, localDate: localDate(record.endedAt, zoneOffset) };
  });
}

/** Writes events and what belongs to them; an event counts as updated when any part of it is other than before. */
async function store(
  sql: Sql,
  user: UserRef,
  rows: readonly Row[],
  now: Instant,
): Promise<{ inserted: ReadonlySet<string>; updated: ReadonlySet<string> }> {
  const { inserted, updated } = await upsertEvents(sql, user, rows, now);
  const workouts = rows.flatMap(({ id, workout }) =>
    workout
      ? [
          {
            eventId: id,
            numbers: workout.numbers,
            estimates: estimatedColumns(workout.input),
            detail: workout.input.detail,
          },
        ]
      : [],
  );
  const cycles = rows.flatMap(({ id, cycle }) => (cycle ? [{ eventId: id, detail: cycle.detail }] : []));
  const changedParts = new Set([
    ...(await upsertWorkoutDetails(sql, user, workouts)),
    ...(await upsertWorkoutTracks(sql, user, workouts)),
    ...(await upsertCycleDetails(sql, user, cycles)),
  ]);
  const onlyParts = [...changedParts].filter((id) => !inserted.has(id) && !updated.has(id));
  await markUpdated(sql, user, onlyParts, now);
  return { inserted, updated: new Set([...updated, ...onlyParts]) };
}
