import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CONNECTION_COLUMNS, type CloudConnection } from '#libs/cloud';
import { Database, type Sql } from '#libs/database';
import { formatInstant, parseIsoInstant, type Instant } from '#libs/model';
import type { SyncWindow } from '#libs/providers/kit';
import { newRunId } from '../status/run-id.js';
import type { PullProgress, PullRun, PullScope, RequestedPull, TaskResult } from './pull-run.js';

interface RunRow extends CloudConnection {
  readonly run_key: string;
  readonly kind: PullRun['kind'];
  readonly scope: PullScope;
  readonly run_id: string;
  readonly start_at: string | null;
  readonly end_at: string | null;
  readonly windows_done: number;
  readonly progress: PullProgress;
  readonly attempts: number;
  readonly live_from: string;
}

export interface NewPull {
  readonly connectionId: string;
  readonly kind: PullRun['kind'];
  readonly scope?: PullScope;
  readonly window?: SyncWindow;
}

/** One run of news waits per connection. */
const ADD = `
  INSERT INTO pull_run AS r (id, connection_id, kind, scope, run_id, start_at, end_at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
  ON CONFLICT (connection_id) WHERE kind = 'live' AND state <> 'done' AND start_at IS NULL`;

const rowsOf = (pulls: readonly NewPull[]): unknown[] => [
  pulls.map(() => randomUUID()),
  pulls.map(({ connectionId }) => connectionId),
  pulls.map(({ kind }) => kind),
  pulls.map(({ scope = 'all' }) => scope),
  pulls.map(() => newRunId('pull')),
  pulls.map(({ window }) => (window ? formatInstant(window.start) : null)),
  pulls.map(({ window }) => (window ? formatInstant(window.end) : null)),
];

/** Takes a run in hand: counts the attempt and keeps the sweep away for a while. */
const TAKE = `
  WITH taken AS (
    UPDATE pull_run SET state = 'running', attempts = attempts + 1, due_at = now() + interval '2 minutes'
    WHERE id = $1 AND state <> 'done' RETURNING *
  ), told AS (
    UPDATE task SET state = 'running', updated_at = now() FROM taken WHERE task.id = taken.id AND task.state = 'queued'
  )
  SELECT ${CONNECTION_COLUMNS}, r.id AS run_key, r.kind, r.scope, r.run_id, r.start_at, r.end_at, r.windows_done,
    r.progress, r.attempts, coalesce(s.live_from, c.created_at) AS live_from
  FROM taken r JOIN connection c ON c.id = r.connection_id JOIN users u ON u.id = c.user_id
  LEFT JOIN connection_sync s ON s.connection_id = c.id`;

const FINISH = `
  WITH ended AS (
    UPDATE pull_run SET state = 'done', finished_at = now(), progress = $2 WHERE id = $1 AND state <> 'done' RETURNING id
  )
  UPDATE task SET state = $3::text, result = $4, error = $5, updated_at = now(),
    progress = CASE WHEN $3::text = 'succeeded' THEN 1 ELSE task.progress END
  FROM ended WHERE task.id = ended.id AND task.state IN ('queued', 'running')`;

/** Rows of `pull_run`, and of the task behind those that somebody asked for. */
@Injectable()
export class PullRunsRepository {
  constructor(private readonly db: Database) {}

  /** Queues a run with a task to ask about; the one at hand when the same news are waited for already. */
  async request(pull: NewPull, userId: string): Promise<RequestedPull> {
    return this.db.transaction(async (sql) => {
      const [added] = await sql.query<{ id: string; run_id: string }>(
        `${ADD} DO UPDATE SET scope = CASE WHEN excluded.scope = 'all' THEN 'all' ELSE r.scope END RETURNING id, run_id`,
        rowsOf([pull]),
      );
      await sql.query(
        `INSERT INTO task (id, kind, user_id, run_id, state, progress) VALUES ($1, 'sync', $2, $3, 'queued', 0)
         ON CONFLICT (id) DO NOTHING`,
        [added!.id, userId, added!.run_id],
      );
      return { taskId: added!.id, runId: added!.run_id };
    });
  }

  /** Queues runs and returns their ids; without those whose news are waited for already. */
  async addAll(sql: Sql, pulls: readonly NewPull[]): Promise<string[]> {
    if (pulls.length === 0) return [];
    const added = await sql.query<{ id: string }>(`${ADD} DO NOTHING RETURNING id`, rowsOf(pulls));
    return added.map(({ id }) => id);
  }

  /** Null when it is done or gone. */
  async take(id: string): Promise<PullRun | null> {
    const [row] = await this.db.query<RunRow>(TAKE, [id]);
    return row ? pullRun(row) : null;
  }

  /** False when the connection has ended meanwhile: nothing more of it is wanted. */
  async saveProgress(id: string, progress: PullProgress): Promise<boolean> {
    const [row] = await this.db.query<{ is_wanted: boolean }>(
      `UPDATE pull_run r SET progress = $2, due_at = now() + interval '2 minutes' WHERE id = $1
       RETURNING EXISTS (SELECT FROM connection c WHERE c.id = r.connection_id AND c.status = 'active') AS is_wanted`,
      [id, JSON.stringify(progress)],
    );
    return row?.is_wanted ?? false;
  }

  /** One window of a history is over. `share`: how much of all is done. */
  async finishWindow(id: string, progress: PullProgress, share: number): Promise<void> {
    await this.db.query(
      `WITH moved AS (
         UPDATE pull_run SET windows_done = windows_done + 1, attempts = 0, progress = $2, due_at = now()
         WHERE id = $1 RETURNING id)
       UPDATE task SET progress = $3, updated_at = now() FROM moved WHERE task.id = moved.id`,
      [id, JSON.stringify(progress), share],
    );
  }

  /** To be gone on with later. `isNoFault`: the attempt does not count. */
  async postpone(id: string, delayMs: number, isNoFault: boolean): Promise<void> {
    await this.db.query(
      `UPDATE pull_run SET due_at = now() + $2 * interval '1 millisecond',
         attempts = CASE WHEN $3 THEN greatest(attempts - 1, 0) ELSE attempts END WHERE id = $1`,
      [id, delayMs, isNoFault],
    );
  }

  async finish(
    sql: Sql,
    id: string,
    progress: PullProgress,
    end: { state: 'succeeded' | 'failed' | 'cancelled'; result: TaskResult | null; error: string | null },
  ): Promise<void> {
    const result = end.result === null ? null : JSON.stringify(end.result);
    await sql.query(FINISH, [id, JSON.stringify(progress), end.state, result, end.error]);
  }
}

const pullRun = (row: RunRow): PullRun => ({
  id: row.run_key,
  kind: row.kind,
  scope: row.scope,
  runId: row.run_id,
  start: instantOrNull(row.start_at),
  end: instantOrNull(row.end_at),
  windowsDone: row.windows_done,
  progress: row.progress,
  attempts: row.attempts,
  connection: row,
  liveFrom: parseIsoInstant(row.live_from)!,
});

const instantOrNull = (text: string | null): Instant | null => (text === null ? null : parseIsoInstant(text));
