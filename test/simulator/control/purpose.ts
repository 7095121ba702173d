import { fail, ok, type Answer } from '../cloud/exchange.js';
import { HOUR_MS } from '../people/local-time.js';
import type { Life } from '../people/life.js';

/**
 * Changes one person's life, in every cloud alike: `{"add": "workout"}` (two hours ago unless `at` says when),
 * `{"revise": key}`, `{"delete": key}`. Answers the key.
 */
export function changedOnPurpose(life: Life, nowMs: number, body: Record<string, unknown>): Answer {
  const { add, revise, delete: gone, at } = body;
  if (add === 'workout') {
    const startMs = typeof at === 'string' ? Date.parse(at) : nowMs - 2 * HOUR_MS;
    return ok({ key: life.addWorkout(Math.floor(startMs / 1000) * 1000) });
  }
  if (typeof revise === 'string') life.revise(revise);
  else if (typeof gone === 'string') life.delete(gone);
  else return fail(400, 'say what to add, revise or delete');
  return ok({ key: revise ?? gone });
}
