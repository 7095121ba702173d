import { Inject, Injectable } from '@nestjs/common';
import { CloudApps, ProviderSettings, type CloudApp } from '#libs/cloud';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, type Sql } from '#libs/database';
import { DAY, instantFromDate, SECOND, type Instant } from '#libs/model';
import { JobQueue } from '#libs/queue';
import { counter } from '#libs/observability';
import type { PullScope } from './pull-run.js';
import { PullRunsRepository, type NewPull } from './pull-runs.repository.js';

const CONNECTIONS_PER_TURN = 500;
const HISTORY_DAYS = 90;
const DAY_SECONDS = 86_400;
/** A connection whose webhooks are silent for that long is pulled whole. */
const SILENT_HOURS = 24;
const OVERDUE_SECONDS = 60;
const LOST_PER_TURN = 200;

const scheduled = counter({
  name: 'pull_runs_scheduled_total',
  help: 'Runs the schedule asked for, by why',
  labels: ['why'],
});

/** How a provider is pulled at present. */
interface Plan {
  readonly app: CloudApp;
  readonly mode: 'pull' | 'webhook';
  readonly everySeconds: number;
}

/**
 * Takes due connections of a provider, one per account, plans their next turn and that of all others of the account:
 * what is fetched is stored for all of them. $2: a connection that was planned under a slower rhythm is due, too.
 */
const TAKE_DUE = `
  WITH due AS (
    SELECT s.connection_id, c.provider_user_id, c.created_at,
      greatest(s.last_delivery_at, s.live_from) < now() - $5 * interval '1 hour' AS is_silent
    FROM connection_sync s JOIN connection c ON c.id = s.connection_id
    WHERE c.provider = $1 AND c.status = 'active'
      AND (s.next_pull_at <= now() OR s.next_pull_at > now() + $2 * 1.5 * interval '1 second')
    ORDER BY s.next_pull_at LIMIT $3 FOR UPDATE OF s SKIP LOCKED
  ), planned AS (
    UPDATE connection_sync s SET next_pull_at = now() + $2 * (0.9 + 0.2 * random()) * interval '1 second'
    FROM connection c
    WHERE c.id = s.connection_id AND (s.connection_id IN (SELECT connection_id FROM due)
      OR (c.provider = $1 AND c.status = 'active' AND c.provider_user_id IN (SELECT provider_user_id FROM due)))
  )
  SELECT DISTINCT ON (coalesce(provider_user_id, connection_id::text)) connection_id, is_silent
  FROM due WHERE $4 OR is_silent OR $6
  ORDER BY coalesce(provider_user_id, connection_id::text), created_at, connection_id`;

/** Asks for pulls: of connections whose time has come, of histories that are due, of runs whose job was lost. */
@Injectable()
export class PullSchedule {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly db: Database,
    private readonly apps: CloudApps,
    private readonly settings: ProviderSettings,
    private readonly runs: PullRunsRepository,
    private readonly queue: JobQueue,
  ) {}

  /** @returns how many runs were asked for. */
  async run(now: Instant = instantFromDate(new Date())): Promise<number> {
    const plans = await this.plans();
    const asked: string[] = [];
    for (const plan of plans) asked.push(...(await this.news(plan)));
    asked.push(...(await this.histories(plans, now)));
    const jobs = asked.map((id) => ({ payload: { pullRunId: id }, jobId: `pull-${id}` }));
    await this.queue.addAll('pull.run', jobs);
    return asked.length + (await this.lost(now));
  }

  private async plans(): Promise<Plan[]> {
    const views = new Map((await this.settings.list({ enabledOnly: true })).map((view) => [view.provider, view]));
    return this.apps.all().flatMap((app) => {
      const view = views.get(app.code);
      if (!view || !app.strategy.capabilities.restPull) return [];
      const mode = view.live_sync_mode ?? 'pull';
      const interval = this.config.syncIntervalSeconds;
      return [{ app, mode, everySeconds: mode === 'pull' ? interval : Math.max(interval, DAY_SECONDS) }];
    });
  }

  private async news({ app, mode, everySeconds }: Plan): Promise<string[]> {
    const hasUnannounced = app.cloud.resources.some(({ pullInWebhookMode }) => pullInWebhookMode === true);
    return this.db.transaction(async (sql) => {
      const due = await sql.query<{ connection_id: string; is_silent: boolean }>(TAKE_DUE, [
        app.code,
        everySeconds,
        CONNECTIONS_PER_TURN,
        mode === 'pull',
        SILENT_HOURS,
        hasUnannounced,
      ]);
      const pulls = due.map(({ connection_id, is_silent }): NewPull => {
        const scope: PullScope = mode === 'pull' || is_silent ? 'all' : 'unannounced';
        return { connectionId: connection_id, kind: 'live', scope };
      });
      return this.addAll(sql, pulls, mode === 'pull' ? 'interval' : 'webhook-mode');
    });
  }

  private async histories(plans: readonly Plan[], now: Instant): Promise<string[]> {
    return this.db.transaction(async (sql) => {
      const due = await sql.query<{ connection_id: string }>(
        `UPDATE connection_sync SET history_due = false WHERE connection_id IN (
           SELECT s.connection_id FROM connection_sync s JOIN connection c ON c.id = s.connection_id
           WHERE s.history_due AND c.status = 'active' AND c.provider = ANY ($1::text[])
           LIMIT $2 FOR UPDATE OF s SKIP LOCKED)
         RETURNING connection_id`,
        [plans.map(({ app }) => app.code), CONNECTIONS_PER_TURN],
      );
      const window = { start: now - HISTORY_DAYS * DAY, end: now };
      const pulls = due.map(({ connection_id }): NewPull => ({
        connectionId: connection_id,
        kind: 'historical',
        window,
      }));
      return this.addAll(sql, pulls, 'connected');
    });
  }

  private async addAll(sql: Sql, pulls: readonly NewPull[], why: string): Promise<string[]> {
    const ids = await this.runs.addAll(sql, pulls);
    scheduled.inc({ why }, ids.length);
    return ids;
  }

  /** Whatever the queue loses is found again. */
  private async lost(now: Instant): Promise<number> {
    const lost = await this.db.query<{ id: string }>(
      `UPDATE pull_run SET due_at = now() + interval '2 minutes' WHERE id IN (
         SELECT id FROM pull_run WHERE state <> 'done' AND due_at < now() - $1 * interval '1 second'
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [OVERDUE_SECONDS, LOST_PER_TURN],
    );
    const second = Math.floor(now / SECOND);
    const jobs = lost.map(({ id }) => ({ payload: { pullRunId: id }, jobId: `pull-${id}-${second}` }));
    await this.queue.addAll('pull.run', jobs);
    scheduled.inc({ why: 'lost' }, lost.length);
    return lost.length;
  }
}
