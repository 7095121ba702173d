import { Inject, Injectable } from '@nestjs/common';
import { vendorFailure, type CloudApp, type CloudConnection } from '#libs/cloud';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, type Sql } from '#libs/database';
import { Failure, formatInstant } from '#libs/model';
import { VendorError } from '#libs/providers/kit';
import { SyncRuns } from '../status/sync-runs.js';
import type { SyncFinish } from '../status/sync-status.js';
import { LinkedConnections } from './linked-connections.js';
import { lookbackText, pullReport } from './pull-report.js';
import type { PullProgress, PullRun } from './pull-run.js';
import { PullRunsRepository } from './pull-runs.repository.js';

/** A failed pull of news is looked after sooner than the next regular one. */
const SOON_SECONDS = 300;

/** Begin and end of runs: what is told about them, and what the end leaves behind. */
@Injectable()
export class PullClosing {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly db: Database,
    private readonly runs: PullRunsRepository,
    private readonly status: SyncRuns,
    private readonly linked: LinkedConnections,
  ) {}

  async begin(run: PullRun): Promise<void> {
    const { user_id: userId, provider } = run.connection;
    const isHistorical = run.kind === 'historical';
    await this.status.start({
      runId: run.runId,
      userId,
      provider,
      source: sourceOf(run),
      message: `${isHistorical ? 'Historical' : 'Live'} sync from ${provider} started`,
      metadata: {
        trace_id: run.runId.slice(-8),
        is_historical: isHistorical,
        start_date: run.start === null ? null : formatInstant(run.start),
        end_date: run.end === null ? null : formatInstant(run.end),
      },
    });
  }

  async tellWindow(run: PullRun, done: number, windows: number): Promise<void> {
    await this.status.progress(run.runId, {
      stage: 'fetching',
      message: `Historical sync from ${run.connection.provider}: window ${done}/${windows}`,
      progress: done / windows,
      itemsProcessed: done,
      itemsTotal: windows,
    });
  }

  /** All that could be fetched is stored. */
  async finish(run: PullRun, app: CloudApp, progress: PullProgress): Promise<void> {
    const lookback = run.start === null ? lookbackText(this.config.pullSyncLookbackSeconds) : null;
    const { params, ...end } = pullReport(run, app.code, app.cloud.resources, progress, lookback);
    const all = await this.linked.withLinked(run.connection);
    await this.db.transaction(async (sql) => {
      const error = end.status === 'failed' ? `Sync from ${app.code} failed` : null;
      const state = end.status === 'failed' ? 'failed' : 'succeeded';
      await this.runs.finish(sql, run.id, progress, { state, result: error === null ? params : null, error });
      await this.status.finish(run.runId, end, sql);
      await this.tellLinked(sql, run, all.slice(1), end);
      await this.settle(sql, run, all, end.status === 'success', end.status !== 'failed');
    });
  }

  /** Nothing more can be fetched: the token, or the whole connection, is of no use. */
  async fail(run: PullRun, progress: PullProgress, cause: VendorError): Promise<void> {
    const told = vendorFailure(run.connection.provider, cause);
    const error = told instanceof Failure ? told.detail : cause.message;
    await this.end(run, progress, { status: 'failed', message: `Sync from ${run.connection.provider} failed`, error });
  }

  /** It was begun again and again and never came to an end. */
  async giveUp(run: PullRun): Promise<void> {
    const message = `Sync from ${run.connection.provider} failed`;
    await this.end(run, run.progress, { status: 'failed', message, error: 'The sync was interrupted too often' });
  }

  /** The connection ended before the run did. */
  async cancel(run: PullRun): Promise<void> {
    await this.end(run, run.progress, { status: 'cancelled', message: `${run.connection.provider} was disconnected` });
  }

  private async end(run: PullRun, progress: PullProgress, end: SyncFinish): Promise<void> {
    await this.db.transaction(async (sql) => {
      const state = end.status === 'failed' ? 'failed' : 'cancelled';
      await this.runs.finish(sql, run.id, progress, { state, result: null, error: end.error ?? null });
      await this.status.finish(run.runId, end, sql);
      await this.settle(sql, run, [run.connection], false, false);
    });
  }

  private async tellLinked(sql: Sql, run: PullRun, others: readonly CloudConnection[], end: SyncFinish): Promise<void> {
    for (const { user_id: userId, provider } of others) {
      const whose = {
        runId: `${run.runId}_${userId.slice(0, 8)}`,
        userId,
        provider,
        source: 'linked_account' as const,
      };
      await this.status.record({ ...whose, primaryUserId: run.connection.user_id }, end, sql);
    }
  }

  private async settle(
    sql: Sql,
    run: PullRun,
    connections: readonly CloudConnection[],
    isComplete: boolean,
    hasNews: boolean,
  ): Promise<void> {
    if (run.kind !== 'live') return;
    const ids = connections.map(({ id }) => id);
    if (hasNews) await sql.query('UPDATE connection SET last_synced_at = now() WHERE id = ANY ($1::uuid[])', [ids]);
    if (isComplete) return;
    await sql.query(
      `UPDATE connection_sync SET next_pull_at = least(next_pull_at, now() + $2 * (0.5 + random()) * interval '1 second')
       WHERE connection_id = ANY ($1::uuid[])`,
      [ids, Math.min(SOON_SECONDS, this.config.syncIntervalSeconds)],
    );
  }
}

const sourceOf = (run: PullRun): 'backfill' | 'pull' => (run.kind === 'historical' ? 'backfill' : 'pull');
