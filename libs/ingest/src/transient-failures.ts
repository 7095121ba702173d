/** A failure that the next try may not meet, and what the next try must do differently. */
export type TransientKind = 'contention' | 'partition' | 'duplicate';

const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 10;

interface DatabaseFailure {
  code?: string;
  message?: string;
  table?: string;
}

/**
 * Contention: deadlock or serialization failure. Partition: the month's partition was dropped behind our back.
 * Duplicate: points lie outside the bounds their stream claims. Null: trying again is of no use.
 */
export function transientKind(error: unknown): TransientKind | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, message = '', table = '' } = error as DatabaseFailure;
  if (code === '40P01' || code === '40001' || code === '55P03') return 'contention';
  if (code === '23514' && message.startsWith('no partition of relation "point"')) return 'partition';
  if (code === '23505' && table.startsWith('point_')) return 'duplicate';
  return null;
}

const pauseFor = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs `work` until it succeeds, at most six times, pausing longer and with jitter after each transient failure. */
export async function retryingTransient<T>(
  work: (lastFailure: TransientKind | null) => Promise<T>,
  pause: (milliseconds: number) => Promise<void> = pauseFor,
): Promise<T> {
  let lastFailure: TransientKind | null = null;
  for (let tries = 1; ; tries++) {
    try {
      return await work(lastFailure);
    } catch (error) {
      lastFailure = transientKind(error);
      if (lastFailure === null || tries === MOST_TRIES) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random()));
    }
  }
}
