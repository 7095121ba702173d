import type { Sql, UserRef } from '#libs/database';
import type { HealthBatch, ScoreInput } from '#libs/model';
import { checkZone, isInstant } from '../events/event-draft.js';
import { ProblemLog } from '../events/problem-log.js';
import { announceWithin } from '../outbox/outbox.writer.js';
import { scoreAnnouncements } from '../outbox/score-announcements.js';
import { storableText } from '../sources/storable-text.js';
import type { ScoresResult, WriteContext } from '../write-context.js';
import { scoreKey } from './score-identity.js';
import { findNights, type Night } from './score-night.repository.js';
import type { ScoreRow } from './score-row.js';
import { upsertScores } from './score.repository.js';

const MAX_CATEGORY = 32;
const MAX_QUALIFIER = 32;
/** Scores of this size and beyond are faults of the sender. */
const VALUE_LIMIT = 1000;

interface Draft extends Omit<ScoreRow, 'eventId' | 'isOnePerEvent'> {
  readonly sleepStartedAt: number | null;
}

/**
 * Stores the scores of a batch; a revision replaces. A score about a night is linked to the event that holds the
 * session of its source with that start, and goes nowhere when that night was deleted by hand.
 */
export async function writeScores(
  sql: Sql,
  user: UserRef,
  context: WriteContext,
  batch: Pick<HealthBatch, 'scores'>,
): Promise<ScoresResult> {
  const log = new ProblemLog();
  const drafts = batch.scores.flatMap((score) => checkScore(score, context, log) ?? []);
  const nights = await findNights(sql, user, drafts);
  const rows = new Map<string, ScoreRow>();
  for (const draft of drafts) {
    const night = nights.get(draft);
    if (night?.isDeleted) continue;
    const row = linked(draft, night);
    rows.set(scoreKey(row), row);
  }
  const { inserted, updated } = await upsertScores(sql, user, [...rows.values()], context.now);
  await announceWithin(sql, user, context, () => scoreAnnouncements({ inserted, updated }));
  const counts = { inserted: inserted.length, updated: updated.length };
  const unchanged = drafts.length - counts.inserted - counts.updated;
  return { counts: { ...counts, unchanged }, problems: log.problems };
}

function linked({ sleepStartedAt: _, ...score }: Draft, night: Night | undefined): ScoreRow {
  return { ...score, eventId: night?.eventId ?? null, isOnePerEvent: score.provider === 'internal' };
}

function checkScore(score: ScoreInput, context: WriteContext, log: ProblemLog): Draft | null {
  const { origin, sourceIndex, recordedAt, sleepStartedAt } = score;
  const sourceId = sourceIndex === null ? null : context.sourceIds[sourceIndex];
  const category = storableText(score.category, MAX_CATEGORY);
  if (sourceId === undefined) log.dropped(origin, 'source', 'unknown source');
  else if (category === null) log.dropped(origin, 'category', 'missing');
  else if (!isInstant(recordedAt)) log.dropped(origin, 'recorded_at', 'invalid time');
  else {
    const isPossible = score.value === null || Math.abs(score.value) < VALUE_LIMIT;
    if (!isPossible) log.warning(origin, 'value', 'not a possible number');
    return {
      provider: context.provider,
      category,
      value: isPossible ? score.value : null,
      qualifier: storableText(score.qualifier, MAX_QUALIFIER),
      recordedAt,
      zoneOffset: checkZone(score, log),
      components: score.components,
      sourceId,
      sleepStartedAt: sleepStartedAt !== null && isInstant(sleepStartedAt) ? sleepStartedAt : null,
    };
  }
  return null;
}
