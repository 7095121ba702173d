/** How long a caller is willing to wait for a vendor. */
export interface Patience {
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** How long to wait for the budget, or where the vendor asked for it. */
  readonly longestWaitSeconds: number;
  /** Also asks a vendor that has not answered others lately. */
  readonly asksAnyway?: true;
}

/** Somebody waits for our answer: nothing is repeated, nobody sleeps. */
export const IN_REQUEST: Patience = { attempts: 1, longestWaitSeconds: 0, asksAnyway: true };
export const IN_WORKER: Patience = { attempts: 4, longestWaitSeconds: 60 };

const FIRST_PAUSE_MS = 500;

/** Before the next attempt: doubles, and half of it is chance, so that many do not come back together. */
export const pauseBefore = (attempt: number, chance = Math.random()): number =>
  FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + chance / 2);
