import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { notFound } from '#libs/model';
import { EVENT_COLUMNS, RUN_COLUMNS } from './wire-columns.js';
import type { SyncEvent, SyncRun } from './sync-status.js';

/** What the list of all users' runs is narrowed by; texts match exactly. */
export interface RunFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  readonly status?: string | undefined;
  readonly source?: string | undefined;
}

/** What happened lately. */
@Injectable()
export class SyncStatusReader {
  constructor(private readonly db: Database) {}

  /** @throws Failure 404 `User not found` */
  async user(userId: string): Promise<UserRef> {
    const [user] = await this.db.query<{ id: string; key: number }>('SELECT id, key FROM users WHERE id = $1', [
      userId,
    ]);
    if (!user) throw notFound('User not found');
    return user;
  }

  /** A user's events, newest first. @throws Failure 404 `User not found` */
  async events(userId: string, limit: number): Promise<SyncEvent[]> {
    const user = await this.user(userId);
    return this.db.query<SyncEvent>(
      `SELECT ${EVENT_COLUMNS} FROM sync_event e JOIN users u ON u.key = e.user_key
       WHERE e.user_key = $1 ORDER BY e.event_id DESC LIMIT $2`,
      [user.key, limit],
    );
  }

  /** A user's runs, the one changed last first. @throws Failure 404 `User not found` */
  async runs(userId: string, limit: number): Promise<SyncRun[]> {
    const user = await this.user(userId);
    return this.list(['r.user_key = $1'], [user.key], limit);
  }

  /** Runs of all users, the one changed last first. Of an unknown user: none. */
  async allRuns({ userId, provider, status, source }: RunFilter, limit: number): Promise<SyncRun[]> {
    const filters = [
      ['r.provider', provider],
      ['r.status', status],
      ['r.source', source],
      ['u.id', userId],
    ].filter(([, value]) => value !== undefined);
    const conditions = filters.map(([column], index) => `${column!} = $${index + 1}`);
    return this.list(
      conditions,
      filters.map(([, value]) => value),
      limit,
    );
  }

  private list(conditions: readonly string[], values: readonly unknown[], limit: number): Promise<SyncRun[]> {
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    return this.db.query<SyncRun>(
      `SELECT ${RUN_COLUMNS} FROM sync_run r JOIN users u ON u.key = r.user_key
       ${where} ORDER BY r.last_update DESC, r.run_id LIMIT $${values.length + 1}`,
      [...values, limit],
    );
  }
}
