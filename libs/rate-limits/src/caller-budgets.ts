import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { logger } from '#libs/observability';
import { SharedWindows } from './shared-windows.js';
import type { Window } from './window.js';

interface Budget {
  /** What all processes had counted when we last asked, ours included. */
  shared: number;
  /** Ours since then. */
  fresh: number;
  endsAtMs: number;
}

const SYNC_MS = 2000;

/**
 * Counts requests of callers in memory, because every request is counted, and tells the other processes every two
 * seconds in one statement. Together they may let through what the others see in two seconds more than the limit.
 */
@Injectable()
export class CallerBudgets implements OnApplicationShutdown {
  private readonly budgets = new Map<string, Budget>();
  private timer: NodeJS.Timeout | undefined;
  private windowMs = 0;
  private syncing: Promise<void> = Promise.resolve();

  constructor(private readonly windows: SharedWindows) {}

  /** Counts one request. */
  hit(key: string, windowMs: number, nowMs: number): Window {
    this.windowMs = windowMs;
    let budget = this.budgets.get(key);
    if (!budget || budget.endsAtMs <= nowMs) {
      budget = { shared: 0, fresh: 0, endsAtMs: nowMs + windowMs };
      this.budgets.set(key, budget);
    }
    budget.fresh++;
    this.syncSoon();
    return { hits: budget.shared + budget.fresh, endsAtMs: budget.endsAtMs };
  }

  /** Tells the others what we counted and learns what they did; forgets windows that are over. */
  sync(nowMs: number): Promise<void> {
    this.syncing = this.syncing.then(() => this.exchange(nowMs));
    return this.syncing;
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.syncing;
  }

  private syncSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.sync(Date.now());
    }, SYNC_MS).unref();
  }

  private async exchange(nowMs: number): Promise<void> {
    for (const [key, { endsAtMs }] of this.budgets) if (endsAtMs <= nowMs) this.budgets.delete(key);
    const told = [...this.budgets].filter(([, { fresh }]) => fresh > 0);
    if (told.length === 0) return;
    const hits = told.map(([key, { fresh }]) => ({ key, count: fresh }));
    try {
      const windows = await this.windows.add(hits, this.windowMs);
      told.forEach(([key, budget], index) => adopt(budget, windows.get(key), hits[index]!.count));
    } catch (error) {
      // What we counted stays counted here, and is told the next time.
      logger().warn({ error }, 'rate_limits_not_shared');
    }
  }
}

function adopt(budget: Budget, window: Window | undefined, told: number): void {
  if (!window) return;
  budget.shared = window.hits;
  budget.fresh -= told;
  budget.endsAtMs = window.endsAtMs;
}
