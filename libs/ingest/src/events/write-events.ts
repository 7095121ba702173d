import type { Sql, UserRef } from '#libs/database';
import type { HealthBatch } from '#libs/model';
import { addToCounters } from '../points/platform-counter.js';
import { writeSleep } from '../sleep/sleep.writer.js';
import type { EventsResult, WriteContext } from '../write-context.js';
import { ProblemLog } from './problem-log.js';
import { writeRecords } from './record-writer.js';

/** Minutes without sleep after which the next sleep is a session of its own. */
const SLEEP_GAP_MINUTES = 120;

/** The context of events; `sleepEndGapMinutes` is 120 when nothing else is configured. */
export type EventsContext = WriteContext & { readonly sleepEndGapMinutes?: number };

/**
 * Stores the events of a batch: workouts, menstrual cycles, activities and sleep. Runs in the caller's transaction,
 * which holds the user's lock. The same batch twice changes nothing; what cannot be stored is named in `problems`.
 */
export async function writeEvents(
  sql: Sql,
  user: UserRef,
  context: EventsContext,
  batch: HealthBatch,
): Promise<EventsResult> {
  const log = new ProblemLog();
  const records = await writeRecords(sql, user, context, batch, log);
  const sleep = await writeSleep(sql, user, context, batch, context.sleepEndGapMinutes ?? SLEEP_GAP_MINUTES, log);
  const { workout, menstrual_cycle: cycle, activity } = records.counts;
  await addToCounters(sql, user, {
    cycles: cycle.inserted,
    events: workout.inserted + cycle.inserted + activity.inserted + sleep.difference,
    sleeps: sleep.difference,
    workouts: workout.inserted,
  });
  return {
    workouts: workout,
    sleep: sleep.counts,
    cycles: cycle,
    problems: log.problems,
    touchedEvents: [...records.touchedEvents, ...sleep.touchedEvents],
  };
}
