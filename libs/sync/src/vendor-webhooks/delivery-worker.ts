import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CloudApps, type CloudApp, type CloudConnection } from '#libs/cloud';
import { Database, type Sql } from '#libs/database';
import type { JsonObject } from '#libs/model';
import { histogram, logger } from '#libs/observability';
import { InvalidPayload, VendorError, type VendorNotice } from '#libs/providers/kit';
import { NOTHING_STORED } from '../pull/health-store.js';
import { LinkedConnections } from '../pull/linked-connections.js';
import { SyncRuns } from '../status/sync-runs.js';
import { deliveryFinish } from './delivery-report.js';
import { NoticeWorker, type NoticeResult } from './notice-worker.js';
import { VendorInboxRepository, type PendingDelivery } from './vendor-inbox.repository.js';
import { parseJson } from './webhook-desk.js';

/** Errors of the vendor that no repetition makes better. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 403, 404, 410, 422]);
/** Half a day, most of it at the longest pause. */
const MOST_ATTEMPTS = 30;
const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 1_800_000;

/** As if no delivery had come for a day: all of it is pulled, also where webhooks tell the news. */
const PULL_SOON = `
  UPDATE connection_sync SET next_pull_at = now(), last_delivery_at = NULL, live_from = least(live_from, now() - interval '1 day')
  WHERE connection_id = ANY ($1::uuid[])`;

const seconds = histogram({
  name: 'vendor_delivery_seconds',
  help: 'Time to work on one delivery of a vendor',
  labels: ['provider'],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

/** Works on vendors' deliveries. */
@Injectable()
export class DeliveryWorker {
  constructor(
    private readonly db: Database,
    private readonly inbox: VendorInboxRepository,
    private readonly apps: CloudApps,
    private readonly notices: NoticeWorker,
    private readonly status: SyncRuns,
    private readonly linked: LinkedConnections,
  ) {}

  /** Does what a delivery asks for, or puts it off when the vendor has trouble. Safe to repeat. */
  async run(delivery: PendingDelivery): Promise<void> {
    const stop = seconds.startTimer({ provider: delivery.provider });
    try {
      await this.close(delivery, await this.work(delivery));
    } catch (error) {
      await this.failed(delivery, error);
    } finally {
      stop();
    }
  }

  private async work(delivery: PendingDelivery): Promise<readonly NoticeResult[]> {
    const app = this.apps.find(delivery.provider);
    if (!app) return [withoutEffect({ status: 'ignored', reason: 'provider_not_installed' })];
    const notices = interpreted(app, delivery);
    if (!isNotices(notices)) return [withoutEffect(notices)];
    const outcomes: NoticeResult[] = [];
    for (const notice of notices) outcomes.push(await this.one(app, notice, delivery));
    return outcomes;
  }

  /** All that the delivery leaves behind beside its data, at once. */
  private async close(delivery: PendingDelivery, outcomes: readonly NoticeResult[]): Promise<void> {
    const connections = outcomes.flatMap((outcome) => outcome.connections);
    const userIds = [...new Set(connections.map(({ user_id: userId }) => userId))];
    const result = resultOf(outcomes.map((outcome) => outcome.result));
    await this.db.transaction(async (sql) => {
      await this.notices.noteDelivery(
        sql,
        connections.map(({ id }) => id),
      );
      for (const [index, outcome] of outcomes.entries()) await this.tell(sql, `${delivery.id}:${index}`, outcome);
      await this.inbox.finish(delivery.id, 'done', result, userIds, sql);
    });
  }

  private async one(app: CloudApp, notice: VendorNotice, delivery: PendingDelivery): Promise<NoticeResult> {
    try {
      return await this.notices.work(app, notice, delivery.is_trusted);
    } catch (error) {
      const status = error instanceof VendorError ? error.status : null;
      const isOver = error instanceof VendorError && error.trouble === 'unauthorized';
      if (!isOver && (status === null || !FINAL_STATUSES.has(status))) throw error;
      const result = { status: 'skipped', reason: 'upstream_non_retriable', upstream_status: status ?? 401 };
      return withoutEffect(result, notice.label);
    }
  }

  /** The connections to the accounts that a delivery names. */
  private async concerned(delivery: PendingDelivery): Promise<CloudConnection[]> {
    const app = this.apps.find(delivery.provider);
    const notices = app && interpreted(app, delivery);
    if (!app || !notices || !isNotices(notices)) return [];
    const connections = await Promise.all(notices.map(({ account }) => this.linked.ofAccount(app.code, account)));
    return connections.flat();
  }

  private async tell(sql: Sql, key: string, outcome: NoticeResult): Promise<void> {
    const [primary, ...others] = outcome.connections;
    if (!primary) return;
    const { provider } = primary;
    const id = `wh_${createHash('sha256').update(`${provider}:${key}`).digest('hex').slice(0, 16)}`;
    const end = deliveryFinish(outcome);
    await this.status.record({ runId: id, userId: primary.user_id, provider, source: 'webhook' }, end, sql);
    for (const { user_id: userId } of others) {
      const whose = { runId: `${id}_${userId.slice(0, 8)}`, userId, provider, source: 'linked_account' as const };
      await this.status.record({ ...whose, primaryUserId: primary.user_id }, end, sql);
    }
  }

  private async failed(delivery: PendingDelivery, error: unknown): Promise<void> {
    const facts = { error, delivery_id: delivery.id, provider: delivery.provider, attempt: delivery.attempts };
    if (delivery.attempts >= MOST_ATTEMPTS) {
      logger().error(facts, 'vendor_delivery_failed');
      const result = { status: 'error', error: 'The delivery could not be processed' };
      const connections = await this.concerned(delivery);
      await this.db.transaction(async (sql) => {
        const userIds = [...new Set(connections.map(({ user_id: userId }) => userId))];
        await this.inbox.finish(delivery.id, 'failed', result, userIds, sql);
        // What it announced comes with a pull instead.
        await sql.query(PULL_SOON, [connections.map(({ id }) => id)]);
      });
      return;
    }
    logger().warn(facts, 'vendor_delivery_postponed');
    const [asked, isNoFault] =
      error instanceof VendorError
        ? [(error.retryAfterSeconds ?? 0) * 1000, error.trouble === 'rate-limited']
        : [0, false];
    const delay = Math.max(asked, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (delivery.attempts - 1)));
    await this.inbox.postpone(delivery.id, delay, isNoFault);
  }
}

function interpreted({ cloud }: CloudApp, delivery: PendingDelivery): readonly VendorNotice[] | JsonObject {
  const body = delivery.body === null ? undefined : parseJson(delivery.body);
  if (body === undefined || !cloud.webhooks) return { status: 'error', error: 'Invalid payload: no JSON' };
  try {
    return cloud.webhooks.interpret(body);
  } catch (error) {
    if (!(error instanceof InvalidPayload)) throw error;
    return { status: 'error', error: `Invalid payload: ${error.message}` };
  }
}

const isNotices = (value: readonly VendorNotice[] | JsonObject): value is readonly VendorNotice[] =>
  Array.isArray(value);

const withoutEffect = (result: JsonObject, label = ''): NoticeResult => ({
  connections: [],
  stored: NOTHING_STORED,
  result,
  label,
});

/** One notice answers with its own result; several with all of them. */
const resultOf = (results: readonly JsonObject[]): JsonObject =>
  results.length === 1 && results[0] ? results[0] : { status: 'processed', results };
