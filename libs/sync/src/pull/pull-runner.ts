import { Injectable } from '@nestjs/common';
import { CloudApps, IN_WORKER, VendorSessions, type CloudApp } from '#libs/cloud';
import { instantFromDate } from '#libs/model';
import { VendorError } from '#libs/providers/kit';
import { RetryLater } from '#libs/queue';
import { Leases } from './leases.js';
import { PullClosing } from './pull-closing.js';
import type { PullProgress, PullRun } from './pull-run.js';
import { PullRunsRepository } from './pull-runs.repository.js';
import { windowCount } from './pull-window.js';
import { ConnectionEnded, forgetPassing, nextWindow, PullWork } from './pull-work.js';

const BUSY_RETRY_MS = 2000;
/** What passes by itself is tried again that often in a history; news come again with the next pull anyway. */
const HISTORY_ATTEMPTS = 5;
/** A run that took that many workers down with it is given up. */
const MOST_ATTEMPTS = 12;
const FIRST_RETRY_MS = 15_000;
const LEAST_BUDGET_WAIT_MS = 1000;

/** Pulls: takes a run in hand, fetches resource after resource, remembers after each, and tells what came of it. */
@Injectable()
export class PullRunner {
  constructor(
    private readonly apps: CloudApps,
    private readonly sessions: VendorSessions,
    private readonly runs: PullRunsRepository,
    private readonly work: PullWork,
    private readonly leases: Leases,
    private readonly closing: PullClosing,
  ) {}

  /**
   * Does what is left of a run; nothing when it is done. One process at a time works on an account.
   * @throws RetryLater
   */
  async run(pullRunId: string, clock: () => Date = () => new Date()): Promise<void> {
    const run = await this.runs.take(pullRunId);
    if (!run) return;
    const app = this.apps.find(run.connection.provider);
    if (!app || run.connection.status !== 'active') return this.closing.cancel(run);
    if (run.attempts > MOST_ATTEMPTS) return this.closing.giveUp(run);
    const { provider, provider_user_id: account, id } = run.connection;
    const held = await this.leases.tryHold(`pull:${provider}:${account ?? id}`, () => this.pull(run, app, clock()));
    if (held === null) throw await this.later(run, BUSY_RETRY_MS * (1 + Math.random()), true);
  }

  private async pull(run: PullRun, app: CloudApp, now: Date): Promise<void> {
    await this.closing.begin(run);
    let progress = run.progress;
    try {
      const session = await this.sessions.forConnection(run.connection, IN_WORKER, instantFromDate(now));
      progress = await this.work.pull(run, app, session, (reached) => {
        progress = reached;
      });
    } catch (error) {
      if (error instanceof ConnectionEnded) return this.closing.cancel({ ...run, progress });
      if (!(error instanceof VendorError)) throw error;
      if (error.trouble !== 'rate-limited') return this.closing.fail(run, progress, error);
      // Many wait for the same: half of it is chance, so that they do not come back together.
      const wait = Math.max(LEAST_BUDGET_WAIT_MS, (error.retryAfterSeconds ?? 60) * 1000 * (1 + Math.random()));
      throw await this.later(run, wait, true);
    }
    await this.goOn(run, app, progress);
  }

  /** The next window of a history, once more what failed in this one, or the end. */
  private async goOn(run: PullRun, app: CloudApp, progress: PullProgress): Promise<void> {
    const windows = windowCount(run);
    if (run.kind === 'historical') {
      const isPassing = Object.values(progress.resources).some((tally) => tally.isPassing === true && tally.isDone);
      if (isPassing && run.attempts < HISTORY_ATTEMPTS) {
        await this.runs.saveProgress(run.id, forgetPassing(progress));
        throw await this.later(run, FIRST_RETRY_MS * 2 ** (run.attempts - 1), false);
      }
      if (run.windowsDone + 1 < windows) {
        const done = run.windowsDone + 1;
        await this.runs.finishWindow(run.id, nextWindow(progress), done / windows);
        await this.closing.tellWindow(run, done, windows);
        throw new RetryLater(0);
      }
    }
    await this.closing.finish(run, app, progress);
  }

  private async later(run: PullRun, delayMs: number, isNoFault: boolean): Promise<RetryLater> {
    await this.runs.postpone(run.id, delayMs, isNoFault);
    return new RetryLater(delayMs);
  }
}
