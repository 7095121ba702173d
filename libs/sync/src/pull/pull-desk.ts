import { Injectable } from '@nestjs/common';
import { CloudApps, CONNECTION_COLUMNS, type CloudConnection } from '#libs/cloud';
import { Database } from '#libs/database';
import { badRequest, DAY, instantFromDate, notFound, type ConnectableProvider } from '#libs/model';
import { logger } from '#libs/observability';
import { ProviderFactory, type SyncWindow } from '#libs/providers/kit';
import { JobQueue } from '#libs/queue';
import { newRunId } from '../status/run-id.js';
import { randomUUID } from 'node:crypto';
import type { RequestedPull } from './pull-run.js';
import { PullRunsRepository, type NewPull } from './pull-runs.repository.js';

/** A history that was asked for. */
export interface RequestedHistory {
  readonly taskId: string;
  readonly window: SyncWindow;
}

/** Where pulls are asked for by hand. */
@Injectable()
export class PullDesk {
  constructor(
    private readonly db: Database,
    private readonly apps: CloudApps,
    private readonly providers: ProviderFactory,
    private readonly runs: PullRunsRepository,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Queues a pull of news, or of a window; whoever asks twice before it begins gets the same task.
   * @throws Failure 404 for an unknown user or without an active connection
   */
  async request(provider: ConnectableProvider, userId: string, window: SyncWindow | null): Promise<RequestedPull> {
    const connection = await this.connection(provider, userId);
    if (!this.canPull(provider)) return this.nothingToDo(userId);
    return this.queued({ connectionId: connection.id, kind: 'live', ...(window ? { window } : {}) }, userId);
  }

  /** @throws Failure 400 when the provider cannot be asked, 404 as `request` */
  async requestHistory(provider: ConnectableProvider, userId: string, days: number): Promise<RequestedHistory> {
    if (!this.canPull(provider)) throw badRequest(`Provider '${provider}' does not support historical sync.`);
    const connection = await this.connection(provider, userId);
    const end = instantFromDate(new Date());
    const window = { start: end - days * DAY, end };
    const { taskId } = await this.queued({ connectionId: connection.id, kind: 'historical', window }, userId);
    return { taskId, window };
  }

  /** The user's active connection. @throws Failure 404 */
  async connection(provider: ConnectableProvider, userId: string): Promise<CloudConnection> {
    const [found] = await this.db.query<CloudConnection & { has_connection: boolean }>(
      `SELECT c.id IS NOT NULL AS has_connection, ${CONNECTION_COLUMNS} FROM users u
       LEFT JOIN connection c ON c.user_id = u.id AND c.provider = $2 AND c.status = 'active' WHERE u.id = $1`,
      [userId, provider],
    );
    if (!found) throw notFound('User not found');
    if (!found.has_connection) throw notFound('No active connection found for provider');
    return found;
  }

  private canPull(provider: ConnectableProvider): boolean {
    return this.apps.find(provider) !== null && this.providers.get(provider).capabilities.restPull;
  }

  private async queued(pull: NewPull, userId: string): Promise<RequestedPull> {
    const added = await this.runs.request(pull, userId);
    try {
      await this.queue.add('pull.run', { pullRunId: added.taskId }, { jobId: `pull-${added.taskId}` });
    } catch (error) {
      // The schedule finds runs whose job was lost.
      logger().warn({ error, pull_run_id: added.taskId }, 'pull_waits_for_schedule');
    }
    return added;
  }

  /** Providers that bring their data themselves: the task is done before it began. */
  private async nothingToDo(userId: string): Promise<RequestedPull> {
    const [taskId, runId] = [randomUUID(), newRunId('pull')];
    await this.db.query(
      `INSERT INTO task (id, kind, user_id, state, progress, result) VALUES ($1, 'sync', $2, 'succeeded', 1, $3)`,
      [taskId, userId, JSON.stringify({ message: 'No active provider connections found' })],
    );
    return { taskId, runId };
  }
}
