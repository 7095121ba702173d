import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { announce } from '#libs/ingest';
import { logger } from '#libs/observability';
import { finishDraft, progressDraft, startDraft, type EventDraft } from './event-draft.js';
import { syncAnnouncement, type ToldRun } from './sync-announcement.js';
import { CONTINUE_RUN, OPEN_RUN } from './sync-run.sql.js';
import type { NewSyncRun, SyncFinish, SyncProgress, SyncStatus } from './sync-status.js';

/**
 * Tells what happens in a sync run: to those who ask, to those who follow the user's stream and, as `sync.*`, to
 * integrators. Every method does all of it in one transaction: the given one, or one of its own.
 *
 * All may be called again after a crash. They tell whether anything was written: a run that exists is not started
 * again, one that has ended or was never started (its user may be gone) is not continued.
 */
@Injectable()
export class SyncRuns {
  constructor(private readonly db: Database) {}

  start(run: NewSyncRun, sql?: Sql): Promise<boolean> {
    return this.open(run, startDraft(run), false, sql);
  }

  progress(runId: string, step: SyncProgress, sql?: Sql): Promise<boolean> {
    return this.tell(CONTINUE_RUN, progressDraft(step), [runId, false], sql);
  }

  finish(runId: string, end: SyncFinish, sql?: Sql): Promise<boolean> {
    return this.tell(CONTINUE_RUN, finishDraft(end), [runId, true], sql);
  }

  /** A run of a single event, for example a webhook's delivery: its start is its end. */
  record(run: NewSyncRun, end: SyncFinish, sql?: Sql): Promise<boolean> {
    const [stage, status, message, , ...rest] = finishDraft({ ...end, message: end.message ?? run.message ?? null });
    return this.open(run, [stage, status, message, null, ...rest], true, sql);
  }

  private open(run: NewSyncRun, draft: EventDraft, isEnd: boolean, sql?: Sql): Promise<boolean> {
    const whose = [run.userId, run.runId, run.provider, run.source, run.primaryUserId ?? null, isEnd];
    return this.tell(OPEN_RUN, draft, whose, sql);
  }

  private async tell(statement: string, draft: EventDraft, whose: readonly unknown[], sql?: Sql): Promise<boolean> {
    if (!sql) return this.db.transaction((own) => this.tell(statement, draft, whose, own));
    const [run] = await sql.query<ToldRun>(statement, [...draft, ...whose]);
    if (!run) return false;
    const announcement = syncAnnouncement(run, draft);
    if (announcement) await announce(sql, { id: run.user_id, key: run.user_key }, [announcement]);
    log(run, draft);
    return true;
  }
}

const LEVELS: Readonly<Record<SyncStatus, 'error' | 'warn' | 'info' | 'debug'>> = {
  failed: 'error',
  partial: 'warn',
  success: 'info',
  cancelled: 'info',
  skipped: 'info',
  in_progress: 'debug',
};

function log(run: ToldRun, [stage, status, message, , , , error]: EventDraft): void {
  const { run_id, user_id, provider, source } = run;
  logger()[LEVELS[status]](
    { run_id, user_id, provider, source, stage, status, said: message, reason: error },
    'sync_status',
  );
}
