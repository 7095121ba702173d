import type { RefreshRow } from './sessions.repository.js';

/** For so long after its rotation a token works once more: a phone may have lost the answer. */
export const REPEAT_SECONDS = 60;
/** Who comes so soon after the rotation was sent at the same time; a lost answer is not missed that fast. */
const RACE_SECONDS = 2;

/**
 * What a refresh token is good for when a request presents it:
 * - `rotate`: its first use
 * - `repeat`: its second use, shortly after the first, by somebody who lost the answer
 * - `race`: presented by several requests at once; one has won, this one is told no, the session goes on
 * - `reuse`: used again by somebody who should no longer have it; the session ends
 * - `over`: the session or the token has ended
 */
export type RefreshDecision = 'rotate' | 'repeat' | 'race' | 'reuse' | 'over';

/** @param arrivedAt when the request came in, before it waited for the token's lock */
export function decideRefresh(token: RefreshRow, arrivedAt: Date): RefreshDecision {
  const arrivedMs = arrivedAt.getTime();
  const isPast = (instant: string | null): boolean => instant !== null && Date.parse(instant) <= arrivedMs;
  if (token.revoked_at !== null || isPast(token.expires_at)) return 'over';
  if (token.rotated_at === null) return isPast(token.token_expires_at) ? 'over' : 'rotate';
  const rotatedMs = Date.parse(token.rotated_at);
  if (arrivedMs <= rotatedMs + RACE_SECONDS * 1000) return 'race';
  const isSoon = arrivedMs <= rotatedMs + REPEAT_SECONDS * 1000;
  return isSoon && token.repeated_at === null ? 'repeat' : 'reuse';
}
