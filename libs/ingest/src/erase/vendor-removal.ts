import type { Sql, UserRef } from '#libs/database';
import { seriesTypeByCode, type Instant, type ProviderCode, type Removal } from '#libs/model';
import { instantOf } from '../events/event.repository.js';
import { refreshEventVitals } from '../events/event-vitals.js';
import { deletePointsAt } from '../points/delete-points.js';
import { addToCounters } from '../points/platform-counter.js';
import { deleteScoresOf } from '../scores/score.repository.js';
import { deriveAgain } from '../sleep/sleep.writer.js';
import { uncountEvents } from './event-counters.js';
import { lockUser } from './lock-user.js';

/** Minutes without sleep after which the next sleep is a session of its own. */
const SLEEP_GAP_MINUTES = 120;

export interface RemovalContext {
  readonly provider: ProviderCode;
  readonly now: Instant;
  readonly sleepEndGapMinutes?: number;
}

type EventRemoval = Extract<Removal, { kind: 'event' }>;
type ScoreRemoval = Extract<Removal, { kind: 'score-after-sleep' }>;

/**
 * Takes back what a vendor says it deleted; how many events or scores that were. Nothing is remembered: delivered
 * again, it is stored again. Runs in the caller's transaction.
 */
export async function removeAtVendor(
  sql: Sql,
  user: UserRef,
  context: RemovalContext,
  removal: Removal,
): Promise<number> {
  await lockUser(sql, user);
  const sources = await sql.query<{ id: string }>('SELECT id FROM data_source WHERE user_key = $1 AND provider = $2', [
    user.key,
    context.provider,
  ]);
  const sourceIds = sources.map(({ id }) => id);
  if (removal.kind === 'score-after-sleep') return removeScore(sql, user, context, sourceIds, removal);
  const starts =
    removal.category === 'workout'
      ? await removeWorkouts(sql, user, sourceIds, removal.externalId)
      : await removeSleep(sql, user, context, sourceIds, removal.externalId);
  await removeScoresAt(sql, user, context.provider, removal, starts);
  return starts.length;
}

async function removeWorkouts(
  sql: Sql,
  user: UserRef,
  sourceIds: readonly string[],
  externalId: string,
): Promise<string[]> {
  const gone = await sql.query<{ id: string; started_at: string }>(
    `DELETE FROM event WHERE user_key = $1 AND category = 'workout' AND source_id = ANY ($2::uuid[])
       AND external_id = $3 RETURNING id, started_at`,
    [user.key, sourceIds, externalId],
  );
  if (gone.length === 0) return [];
  await deleteScoresOf(
    sql,
    user,
    gone.map(({ id }) => id),
  );
  await uncountEvents(sql, user, [{ category: 'workout', count: gone.length }]);
  return gone.map(({ started_at }) => started_at);
}

/** The night goes, or goes on as what its other fragments say. */
async function removeSleep(
  sql: Sql,
  user: UserRef,
  { provider, now, sleepEndGapMinutes = SLEEP_GAP_MINUTES }: RemovalContext,
  sourceIds: readonly string[],
  externalId: string,
): Promise<string[]> {
  const gone = await sql.query<{ source_id: string; event_id: string | null; started_at: string; ended_at: string }>(
    `DELETE FROM sleep_fragment WHERE user_key = $1 AND source_id = ANY ($2::uuid[]) AND external_id = $3
       AND session IS NOT NULL RETURNING source_id, event_id, started_at, ended_at`,
    [user.key, sourceIds, externalId],
  );
  if (gone.length === 0) return [];
  const windows = gone.map((row) => ({
    sourceId: row.source_id,
    from: instantOf(row.started_at),
    to: instantOf(row.ended_at),
  }));
  const { touchedEvents, difference } = await deriveAgain(sql, user, { provider, now }, windows, sleepEndGapMinutes);
  const orphans = await removeOrphans(
    sql,
    user,
    gone.flatMap(({ event_id }) => event_id ?? []),
  );
  const change = difference - orphans;
  await addToCounters(sql, user, { events: change, sleeps: change });
  await refreshEventVitals(sql, user, touchedEvents, []);
  return gone.map(({ started_at }) => started_at);
}

/** Events that have no fragment left at all; deriving again does not see them. */
async function removeOrphans(sql: Sql, user: UserRef, eventIds: readonly string[]): Promise<number> {
  const orphans = await sql.query<{ id: string }>(
    `DELETE FROM event e WHERE e.user_key = $1 AND e.id = ANY ($2::uuid[]) AND NOT EXISTS (
       SELECT FROM sleep_fragment f WHERE f.user_key = $1 AND f.source_id = e.source_id AND f.event_id = e.id)
     RETURNING id`,
    [user.key, eventIds],
  );
  await deleteScoresOf(
    sql,
    user,
    orphans.map(({ id }) => id),
  );
  return orphans.length;
}

async function removeScoresAt(
  sql: Sql,
  user: UserRef,
  provider: ProviderCode,
  { scores = [] }: EventRemoval,
  starts: readonly string[],
): Promise<void> {
  if (scores.length === 0 || starts.length === 0) return;
  await sql.query(
    `DELETE FROM health_score WHERE user_key = $1 AND provider = $2 AND category = ANY ($3::text[])
       AND recorded_at = ANY ($4::timestamptz[])`,
    [user.key, provider, scores, starts],
  );
}

/** A score is made soon after waking; a sleep whose end was corrected later may end after it. */
async function removeScore(
  sql: Sql,
  user: UserRef,
  { provider }: RemovalContext,
  sourceIds: readonly string[],
  { sleepExternalId, category, series }: ScoreRemoval,
): Promise<number> {
  const [gone] = await sql.query<{ recorded_at: string }>(
    `DELETE FROM health_score WHERE user_key = $1 AND id = (
       SELECT s.id FROM sleep_fragment f
       JOIN health_score s ON s.user_key = $1 AND s.provider = $2 AND s.category = $3
         AND s.recorded_at >= f.started_at AND s.recorded_at < f.ended_at + interval '24 hours'
       WHERE f.user_key = $1 AND f.source_id = ANY ($4::uuid[]) AND f.external_id = $5
       ORDER BY s.recorded_at, s.id LIMIT 1)
     RETURNING recorded_at`,
    [user.key, provider, category, sourceIds, sleepExternalId],
  );
  if (!gone) return 0;
  const types = series.flatMap((code) => seriesTypeByCode(code)?.id ?? []);
  await deletePointsAt(sql, user, sourceIds, types, instantOf(gone.recorded_at));
  return 1;
}
