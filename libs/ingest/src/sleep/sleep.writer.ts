import { randomUUID } from 'node:crypto';
import type { Sql, UserRef } from '#libs/database';
import { MINUTE, type HealthBatch, type Instant, type WriteCounts } from '#libs/model';
import { markUpdated, upsertEvents } from '../events/event.repository.js';
import type { ProblemLog } from '../events/problem-log.js';
import { announceWithin } from '../outbox/outbox.writer.js';
import { deletion } from '../outbox/deletion.js';
import { scoreAnnouncements } from '../outbox/score-announcements.js';
import { bequeathScores } from '../scores/score.repository.js';
import type { TouchedEvent, WriteContext } from '../write-context.js';
import { readClusters } from './cluster.reader.js';
import { upsertSegments, upsertSessions } from './fragment.repository.js';
import { fragmentRows } from './fragment-input.js';
import { writeSegmentScores } from './segment-score.js';
import { planCluster, type ClusterPlan, type DerivedEvent } from './sleep-derivation.js';
import { upsertSleepDetails } from './sleep-detail.repository.js';
import type { TimeWindow } from './time-window.js';

export interface SleepResult {
  /** Of fragments: segments and vendor sessions. */
  readonly counts: WriteCounts;
  readonly touchedEvents: readonly TouchedEvent[];
  /** How many sleep events there are now beside those before; negative when events grew together. */
  readonly difference: number;
}

/**
 * Stores sleep as delivered and derives the sessions that it touches again, in the same transaction. Fragments more
 * than `gapMinutes` apart belong to different sessions. A delivery that changes no fragment changes nothing.
 */
export async function writeSleep(
  sql: Sql,
  user: UserRef,
  context: WriteContext,
  batch: HealthBatch,
  gapMinutes: number,
  log: ProblemLog,
): Promise<SleepResult> {
  const { segments, sessions, repeated } = fragmentRows(batch, context, log);
  const segmentChanges = await upsertSegments(sql, user, segments);
  const sessionChanges = await upsertSessions(sql, user, sessions);
  const inserted = segmentChanges.inserted + sessionChanges.inserted;
  const updated = segmentChanges.updated + sessionChanges.updated;
  const unchanged = segments.length + sessions.length + repeated - inserted - updated;
  const touched = [...segmentChanges.touched, ...sessionChanges.touched];
  return { counts: { inserted, updated, unchanged }, ...(await deriveAgain(sql, user, context, touched, gapMinutes)) };
}

/** Derives the sessions that touched windows hang together with again, and tells who they are now. */
export async function deriveAgain(
  sql: Sql,
  user: UserRef,
  context: Pick<WriteContext, 'provider' | 'now' | 'announces'>,
  touched: readonly TimeWindow[],
  gapMinutes: number,
): Promise<Omit<SleepResult, 'counts'>> {
  if (touched.length === 0) return { touchedEvents: [], difference: 0 };
  const { provider, now } = context;
  const clusters = await readClusters(sql, user, touched, gapMinutes * MINUTE);
  const plans = clusters.map((cluster) => planCluster(cluster, gapMinutes, randomUUID));
  const events = plans.flatMap((plan) => plan.events);
  const { inserted, updated } = await storeEvents(sql, user, events, now);
  await moveFragments(sql, user, plans);
  const gone = new Map(plans.flatMap((plan) => [...plan.gone]));
  await removeEvents(sql, user, gone);
  const scores = await writeSegmentScores(sql, user, provider, events.flatMap(scoredNight), now);
  const changed = events.filter(({ eventId }) => inserted.has(eventId) || updated.has(eventId));
  await announceWithin(sql, user, context, () => [
    ...changed.map(({ eventId }) => ({
      kind: inserted.has(eventId) ? 'sleep.created' : 'sleep.updated',
      payload: { event_id: eventId },
    })),
    ...scoreAnnouncements(scores),
    ...[...gone].map(([eventId, successor]) => deletion('sleep', eventId, now, successor)),
  ]);
  return {
    touchedEvents: changed.map(({ eventId, fields: { category, sourceId, startedAt, endedAt } }) => ({
      id: eventId,
      category,
      sourceId,
      startedAt,
      endedAt,
    })),
    difference: inserted.size - gone.size,
  };
}

async function storeEvents(
  sql: Sql,
  user: UserRef,
  events: readonly DerivedEvent[],
  now: Instant,
): Promise<{ inserted: ReadonlySet<string>; updated: ReadonlySet<string> }> {
  if (events.length === 0) return { inserted: new Set(), updated: new Set() };
  const rows = events.map(({ eventId, fields }) => ({ ...fields, id: eventId }));
  const { inserted, updated } = await upsertEvents(sql, user, rows, now);
  const details = await upsertSleepDetails(sql, user, events);
  const onlyDetails = [...details].filter((id) => !inserted.has(id) && !updated.has(id));
  await markUpdated(sql, user, onlyDetails, now);
  return { inserted, updated: new Set([...updated, ...onlyDetails]) };
}

async function moveFragments(sql: Sql, user: UserRef, plans: readonly ClusterPlan[]): Promise<void> {
  const moves = plans.flatMap((plan) => plan.moves);
  if (moves.length === 0) return;
  await sql.query(
    `UPDATE sleep_fragment f SET event_id = m.event_id
     FROM unnest($2::bigint[], $3::uuid[]) AS m (id, event_id)
     WHERE f.user_key = $1 AND f.id = m.id`,
    [user.key, moves.map((move) => move.fragmentId), moves.map((move) => move.eventId)],
  );
}

async function removeEvents(sql: Sql, user: UserRef, gone: ReadonlyMap<string, string | null>): Promise<void> {
  if (gone.size === 0) return;
  await bequeathScores(sql, user, gone);
  await sql.query('DELETE FROM event WHERE user_key = $1 AND id = ANY ($2::uuid[])', [user.key, [...gone.keys()]]);
}

function scoredNight({ eventId, fields, segmentScore }: DerivedEvent) {
  if (segmentScore === undefined) return [];
  const { sourceId, endedAt, zoneOffset } = fields;
  return [{ eventId, sourceId, endedAt, zoneOffset, score: segmentScore }];
}
