import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ArchivalReport } from './archivist.js';

const KIND = 'archival';

/** Task rows of runs that somebody asked for. Any run does the work of all that wait, so a lost job is no harm. */
@Injectable()
export class ArchivalTasks {
  constructor(private readonly db: Database) {}

  /** Stores a waiting task; returns its id. */
  async open(): Promise<string> {
    const id = randomUUID();
    await this.db.query(`INSERT INTO task (id, kind, state) VALUES ($1, $2, 'queued')`, [id, KIND]);
    return id;
  }

  /**
   * Runs `work` for all tasks that wait or were left behind by a worker that died. They succeed with its report; null
   * means that another run is under way, and leaves them waiting.
   */
  async track(work: () => Promise<ArchivalReport | null>): Promise<ArchivalReport | null> {
    const tasks = await this.db.query<{ id: string }>(
      `UPDATE task SET state = 'running', updated_at = now() WHERE kind = $1 AND state IN ('queued', 'running')
       RETURNING id`,
      [KIND],
    );
    const ids = tasks.map(({ id }) => id);
    try {
      const report = await work();
      await (report ? this.finish(ids, 'succeeded', 1, report, null) : this.finish(ids, 'queued', null, null, null));
      return report;
    } catch (error) {
      await this.finish(ids, 'failed', null, null, 'Archiving failed');
      throw error;
    }
  }

  private async finish(
    ids: readonly string[],
    state: 'succeeded' | 'queued' | 'failed',
    progress: number | null,
    result: ArchivalReport | null,
    error: string | null,
  ): Promise<void> {
    if (ids.length === 0) return;
    await this.db.query(
      `UPDATE task SET state = $2, progress = $3, result = $4, error = $5, updated_at = now()
       WHERE id = ANY ($1::uuid[])`,
      [ids, state, progress, result === null ? null : JSON.stringify(result), error],
    );
  }
}
