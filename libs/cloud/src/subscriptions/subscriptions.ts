import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Failure, type JsonObject, type JsonValue } from '#libs/model';
import { logger } from '#libs/observability';
import type { ApplicationSession, Registration, Subscription, SubscriptionService } from '#libs/providers/kit';
import { VendorError } from '#libs/providers/kit';
import { requireCredentials, vendorName, type CloudApp } from '../app/cloud-app.js';
import { CloudApps } from '../app/cloud-apps.js';
import { IN_REQUEST } from '../client/patience.js';
import { VendorSessions } from '../client/vendor-sessions.js';
import { ProviderSettings } from '../settings/provider-settings.js';
import { SubscriptionStore } from './subscription-store.js';

const NOT_SUPPORTED = 'Provider does not support webhook subscription management';

interface Managed {
  readonly app: CloudApp;
  readonly service: SubscriptionService;
  readonly session: ApplicationSession;
}

/** Subscriptions by which vendors tell us of news. */
@Injectable()
export class Subscriptions {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly apps: CloudApps,
    private readonly sessions: VendorSessions,
    private readonly settings: ProviderSettings,
    private readonly store: SubscriptionStore,
  ) {}

  /** Where vendors deliver. */
  callbackUrl(provider: string): string {
    return `${this.config.apiBaseUrl}/api/v1/providers/${provider}/webhooks`;
  }

  /** @throws Failure 501, 502, 503 */
  async list(provider: string): Promise<JsonObject[]> {
    const managed = await this.managed(provider);
    return (await this.listed(managed)).map(({ shown }) => shown);
  }

  /** What the vendor did, as the routes show it. */
  async register(
    provider: string,
    callbackUrl: string,
  ): Promise<{ shown: JsonValue; results: Registration['results'] }> {
    const managed = await this.managed(provider);
    const { app, service, session } = managed;
    const { results, shown, secret } = await this.calling(app, 'register', () =>
      service.register(session, callbackUrl),
    );
    if (secret !== undefined) await this.settings.saveWebhookSecret(provider, secret);
    else if (knowsNoSecret(app, session)) logger().warn({ provider }, 'webhook_secret_missing');
    // Where nothing went right there is nothing new to be listed.
    if (results.some(({ status }) => status !== 'error')) await this.listed(managed);
    return { shown: shown ?? results, results };
  }

  /** @throws Failure 501 when the vendor cannot be asked for one */
  async find(provider: string, id: string): Promise<JsonObject | null> {
    const { app, service, session } = await this.managed(provider);
    const find = service.find?.bind(service);
    if (!find) throw new Failure(501, 'This provider does not support fetching a webhook subscription by ID');
    return (await this.calling(app, 'fetch', () => find(session, id)))?.shown ?? null;
  }

  async update(provider: string, id: string, callbackUrl: string): Promise<JsonObject> {
    const managed = await this.managed(provider);
    const { app, service, session } = managed;
    const update = service.update?.bind(service);
    if (!update) throw new Failure(501, 'This provider does not support updating a webhook subscription');
    const result = await this.calling(app, 'update', () => update(session, id, callbackUrl));
    await this.listed(managed);
    return result;
  }

  async remove(provider: string, id: string): Promise<JsonObject> {
    const managed = await this.managed(provider);
    const { app, service, session } = managed;
    const result = await this.calling(app, 'delete', () => service.remove(session, id));
    await this.listed(managed);
    return result;
  }

  async renew(provider: string): Promise<readonly JsonObject[]> {
    const { app, service, session } = await this.managed(provider);
    const renew = service.renew?.bind(service);
    if (!renew) throw new Failure(501, 'This provider does not support renewing webhook subscriptions');
    const results = await this.calling(app, 'renew', () => renew(session));
    if (results.every(({ status }) => status !== 'error')) await this.store.markRenewed(provider);
    return results;
  }

  /** Renews what is due, of all providers. Returns the providers whose renewal failed. */
  async renewDue(): Promise<string[]> {
    const failed: string[] = [];
    for (const { code, cloud } of this.apps.all()) {
      const { subscriptions } = cloud;
      const days = subscriptions?.renew ? subscriptions.renewEveryDays : undefined;
      if (days === undefined || !(await this.store.needsRenewal(code, days))) continue;
      const results = await this.renew(code).catch(() => null);
      if (results === null || results.some(({ status }) => status === 'error')) failed.push(code);
    }
    return failed;
  }

  private async managed(provider: string): Promise<Managed> {
    const app = this.apps.find(provider);
    const service = app?.cloud.subscriptions;
    if (!app || !service) throw new Failure(501, NOT_SUPPORTED);
    requireCredentials(app);
    return { app, service, session: await this.sessions.forApplication(app, IN_REQUEST) };
  }

  private async listed({ app, service, session }: Managed): Promise<readonly Subscription[]> {
    const subscriptions = await this.calling(app, 'list', () => service.list(session));
    await this.store.replace(app.code, subscriptions);
    return subscriptions;
  }

  private async calling<T>({ code }: CloudApp, verb: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const reason = error.status === null ? 'no answer' : `status ${error.status}`;
      throw new Failure(502, `Failed to ${verb} subscriptions: ${vendorName(code)}: ${reason}`, { cause: error });
    }
  }
}

/** A vendor that tells its secret once, to somebody else or before our time: every delivery of it will be refused. */
const knowsNoSecret = ({ strategy }: CloudApp, { environment }: ApplicationSession): boolean =>
  strategy.capabilities.webhookSecretFromRegistration && environment.webhookSecret === null;
