import { addToCounters } from '../points/platform-counter.js';
import type { Sql, UserRef } from '#libs/database';
import type { EventCategory } from '../events/event-draft.js';

const COUNTERS = { workout: 'workouts', sleep: 'sleeps', menstrual_cycle: 'cycles' } as const;

/** Takes removed events out of the platform's totals, given how many there were of each category. */
export function uncountEvents(
  sql: Sql,
  user: UserRef,
  removed: readonly { readonly category: EventCategory; readonly count: number }[],
): Promise<void> {
  const changes: Record<string, number> = { events: 0 };
  for (const { category, count } of removed) {
    changes['events'] = (changes['events'] ?? 0) - count;
    if (category !== 'activity') changes[COUNTERS[category]] = -count;
  }
  return addToCounters(sql, user, changes);
}
