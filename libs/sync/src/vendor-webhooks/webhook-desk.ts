import { Injectable } from '@nestjs/common';
import { CloudApps, requireCredentials, type CloudApp } from '#libs/cloud';
import {
  badRequest,
  Failure,
  instantFromDate,
  notFound,
  type Instant,
  type JsonObject,
  type JsonValue,
} from '#libs/model';
import { counter } from '#libs/observability';
import { isJsonObject, ProviderFactory, type VendorWebhooks } from '#libs/providers/kit';
import { DeliveryWakeUp } from './delivery-wake-up.js';
import { RememberedEnvironments } from './remembered-environments.js';
import { VendorInboxRepository } from './vendor-inbox.repository.js';

/** What the vendor hears. */
export interface DeskAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

const ACCEPTED: DeskAnswer = { status: 200, body: { status: 'accepted' } };

const deliveries = counter({
  name: 'vendor_deliveries_total',
  help: 'Deliveries of vendors by what they were answered',
  labels: ['provider', 'outcome'],
});

/** Where vendors' deliveries come in: verified, stored, answered; worked on later. */
@Injectable()
export class WebhookDesk {
  constructor(
    private readonly apps: CloudApps,
    private readonly providers: ProviderFactory,
    private readonly inbox: VendorInboxRepository,
    private readonly environments: RememberedEnvironments,
    private readonly wakeUp: DeliveryWakeUp,
  ) {}

  /** @throws Failure 400, 401, 404, 501, 503; nothing is stored then */
  async receive(
    code: string,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    now: Instant = instantFromDate(new Date()),
  ): Promise<DeskAnswer> {
    const { app, webhooks } = this.open(code);
    const verdict = await this.environments.judge(
      app,
      (environment) => webhooks.verify({ body, headers, receivedAt: now }, environment),
      ({ kind }) => kind === 'refuse',
    );
    if (verdict.kind === 'answer') return { status: verdict.status, body: verdict.body };
    if (verdict.kind === 'refuse') {
      deliveries.inc({ provider: code, outcome: 'refused' });
      throw new Failure(401, 'Invalid webhook signature');
    }
    checkBody(webhooks, body);
    const id = await this.inbox.insert(code, body, verdict.isTrusted);
    deliveries.inc({ provider: code, outcome: id === null ? 'repeated' : 'accepted' });
    if (id !== null) this.wakeUp.ask();
    return ACCEPTED;
  }

  /** Answers the vendor's check of a subscription. @throws Failure */
  async challenge(code: string, query: Readonly<Record<string, string>>): Promise<JsonObject> {
    const { app, webhooks } = this.open(code);
    const challenge = webhooks.challenge?.bind(webhooks);
    if (!challenge) {
      throw new Failure(501, `Provider '${code}' does not support webhook subscription verification via GET.`);
    }
    return challenge(query, await this.apps.environment(app));
  }

  /** @throws Failure 404 `Unknown provider: '<p>'` */
  checkProvider(code: string): void {
    if (!this.providers.has(code)) throw notFound(`Unknown provider: '${code}'`);
  }

  private open(code: string): { app: CloudApp; webhooks: VendorWebhooks } {
    this.checkProvider(code);
    const app = this.apps.find(code);
    const webhooks = app?.cloud.webhooks;
    if (!app || !webhooks) throw new Failure(501, `Provider '${code}' has not implemented a webhook handler yet.`);
    if (app.clientId === null && app.clientSecret === null) requireCredentials(app);
    return { app, webhooks };
  }
}

const INVALID = 'Invalid JSON body';

function checkBody(webhooks: VendorWebhooks, bytes: Buffer): void {
  const body = parseJson(bytes);
  const isRoot = isJsonObject(body) || (Array.isArray(body) && webhooks.acceptsArrays === true);
  if (body === undefined || !isRoot) throw badRequest(INVALID);
  const problem = webhooks.problemOf?.(body) ?? null;
  if (problem !== null) throw badRequest(problem);
}

/** Undefined for what is no JSON in UTF-8. */
export function parseJson(bytes: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
  } catch {
    return undefined;
  }
}
