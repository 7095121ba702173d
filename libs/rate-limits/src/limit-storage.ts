import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { CallerBudgets } from './caller-budgets.js';
import { CALLER_LIMIT } from './limits.js';
import { SharedWindows } from './shared-windows.js';
import type { Window } from './window.js';

/** What the throttler wants to know of a window; seconds. */
type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Where requests are counted: callers in memory, everything strict in the database, where no process is forgotten. */
@Injectable()
export class LimitStorage implements ThrottlerStorage {
  constructor(
    private readonly budgets: CallerBudgets,
    private readonly windows: SharedWindows,
  ) {}

  async increment(
    key: string,
    windowMs: number,
    limit: number,
    _blockMs: number,
    name: string,
  ): Promise<ThrottlerStorageRecord> {
    const nowMs = Date.now();
    if (name === CALLER_LIMIT) return recordOf(this.budgets.hit(key, windowMs, nowMs), limit, nowMs);
    const windows = await this.windows.add([{ key, count: 1 }], windowMs);
    return recordOf(windows.get(key)!, limit, nowMs);
  }
}

function recordOf({ hits, endsAtMs }: Window, limit: number, nowMs: number): ThrottlerStorageRecord {
  const seconds = Math.max(1, Math.ceil((endsAtMs - nowMs) / 1000));
  return { totalHits: hits, timeToExpire: seconds, isBlocked: hits > limit, timeToBlockExpire: seconds };
}
