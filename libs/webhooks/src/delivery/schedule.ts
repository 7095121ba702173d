/** Waits after the first, second ... failed attempt; after the eighth there is no other. */
const DELAYS_SECONDS = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600] as const;
const JITTER = 0.2;
/** Whoever is overloaded or too slow is left alone at least this long. */
const REST_SECONDS = 60;
/** No receiver may postpone a delivery further. */
const LONGEST_WISH_SECONDS = 24 * 3600;

export interface FailedAttempt {
  /** 0 when there was no answer. */
  readonly statusCode: number;
  readonly isTimeout: boolean;
  /** The answer's `Retry-After`. */
  readonly retryAfter: string | undefined;
}

/**
 * Seconds until the next attempt, null when there is none.
 * @param attempts how many there were, the failed one included
 * @param chance a number from 0 to 1
 */
export function retryDelaySeconds(
  attempts: number,
  failed: FailedAttempt,
  now: Date,
  chance = Math.random(),
): number | null {
  const planned = DELAYS_SECONDS[attempts - 1];
  if (planned === undefined) return null;
  const delay = planned * (1 - JITTER + 2 * JITTER * chance);
  const rest = failed.isTimeout || failed.statusCode === 429 ? REST_SECONDS : 0;
  return Math.max(delay, rest, wishedSeconds(failed.retryAfter, now));
}

/** `Retry-After` as seconds from now: a number of seconds or an HTTP date; 0 when it says nothing usable. */
export function wishedSeconds(retryAfter: string | undefined, now: Date): number {
  const text = retryAfter?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_WISH_SECONDS) : 0;
}
