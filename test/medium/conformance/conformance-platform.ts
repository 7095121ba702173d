import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CloudApps, OAuthFlow, ProviderSettings, VendorFarewell } from '#libs/cloud';
import { CONFIG, ConfigModule, loadConfig, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { IngestSettingsModule } from '#libs/ingest';
import { Failure, instantFromDate, type JsonObject, type JsonValue } from '#libs/model';
import { configureLogging } from '#libs/observability';
import { OutboundClient, OutboundPolicy, type OutboundRequest } from '#libs/outbound';
import { ProviderFactory, ProvidersModule, type ProviderStrategy } from '#libs/providers/kit';
import { PROVIDER_STRATEGIES } from '#libs/providers/registry';
import { JobQueue } from '#libs/queue';
import { SecretBox, SecretsModule } from '#libs/secrets';
import {
  CloudDeskModule,
  DeliveryWorker,
  VendorInboxRepository,
  DirectPulls,
  PullDesk,
  PullModule,
  PullRunner,
  WebhookDesk,
} from '#libs/sync';
import type { TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import type { LocalVendor } from './local-vendor.js';
import { hasCloud } from './providers.js';
import type { Given } from './sample-case.js';

/** The queue is not asked to run anything: the tests call the workers themselves. */
@Global()
@Module({ providers: [{ provide: JobQueue, useValue: { add: () => Promise.resolve() } }], exports: [JobQueue] })
class NoQueueModule {}

const LONGEST_MS = 300;

/** Waits a moment where the product waits half a minute. */
class HastyClient extends OutboundClient {
  override request(request: OutboundRequest): ReturnType<OutboundClient['request']> {
    return super.request({ ...request, timeoutMs: Math.min(request.timeoutMs ?? LONGEST_MS, LONGEST_MS) });
  }
}

export interface Account {
  readonly provider: string;
  readonly user: GivenUser;
  readonly connectionId: string;
}

export interface Delivered {
  readonly answer: { readonly status: number; readonly body: JsonValue };
  /** Null when nothing was stored. */
  readonly result: JsonObject | null;
}

/** The part of the platform between vendors and stored data, with real vendors replaced by a local one. */
export class ConformancePlatform {
  private constructor(
    private readonly app: TestingModule,
    private readonly database: TestDatabase,
    private readonly dataDir: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** `strategies`: those of the registry unless a test brings one of its own. */
  static async open(
    database: TestDatabase,
    vendor: LocalVendor,
    settings: JsonObject,
    strategies: readonly ProviderStrategy[] = PROVIDER_STRATEGIES,
  ): Promise<ConformancePlatform> {
    const dataDir = await mkdtemp(join(process.env['TEST_SCRATCH_DIR'] ?? tmpdir(), 'conformance-'));
    const environment = {
      ENVIRONMENT: 'test',
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      SECRET_KEY: 'a secret of the conformance suite alone',
      ...environmentOf(vendor, strategies),
      ...textsOf(settings),
    };
    const config = loadConfig(environment);
    configureLogging({ level: config.logLevel, service: 'test' });
    const app = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(config),
        SecretsModule,
        DatabaseModule.forRoot({ applicationName: 'conformance' }),
        NoQueueModule,
        ProvidersModule.forRoot(strategies),
        IngestSettingsModule.forRoot({ sleepEndGapMinutes: config.sleepEndGapMinutes }),
        CloudDeskModule,
        PullModule,
      ],
    })
      .overrideProvider(OutboundClient)
      .useFactory({
        factory: (conf: AppConfig) => new HastyClient(new OutboundPolicy(conf), conf.outboundUserAgent),
        inject: [CONFIG],
      })
      .compile();
    return new ConformancePlatform(app, database, dataDir, environment);
  }

  /** Does something while the installation is set up differently. */
  async under<T>(settings: JsonObject, work: () => Promise<T>): Promise<T> {
    const config = loadConfig({ ...this.environment, ...textsOf(settings) });
    const apps = this.app.get(CloudApps);
    const usual = { ...apps };
    Object.assign(apps, new CloudApps(config, this.app.get(ProviderFactory), this.app.get(ProviderSettings)));
    try {
      return await work();
    } finally {
      Object.assign(apps, usual);
    }
  }

  /** A user connected as the case says. Nobody else is connected to the account. */
  async connect(
    provider: string,
    { connection, stored_webhook_secret, user_zone_offset, window, now }: Given,
  ): Promise<Account> {
    const { db } = this.database;
    const box = this.app.get(SecretBox);
    const user = await given(db).user();
    // For some seconds the door remembers secrets; in another case they are others.
    this.app.get(WebhookDesk)['environments']['known'].clear();
    const connectionId = randomUUID();
    await db.query(`DELETE FROM connection WHERE provider = $1`, [provider]);
    await db.query(
      `INSERT INTO connection (id, user_id, provider, provider_user_id, provider_username, access_token_encrypted,
         refresh_token_encrypted, status) VALUES ($1, $2, $3, $4, $5, $6, $7, 'active')`,
      [
        connectionId,
        user.id,
        provider,
        connection.provider_user_id ?? null,
        connection.provider_username ?? null,
        box.seal(connection.access_token, 'connection.access-token'),
        box.seal('syn-refresh-token', 'connection.refresh-token'),
      ],
    );
    await this.storeProviderFacts(provider, connection.subscription_id ?? null, stored_webhook_secret ?? null);
    if (user_zone_offset !== undefined) await this.knowZone(connectionId, user_zone_offset, window?.start ?? now, now);
    return { provider, user, connectionId };
  }

  private async storeProviderFacts(provider: string, subscriptionId: number | string | null, secret: string | null) {
    const { db } = this.database;
    const sealed = secret === null ? null : this.app.get(SecretBox).seal(secret, 'provider-settings.webhook-secret');
    await db.query(
      `INSERT INTO provider_settings (provider, webhook_secret_encrypted) VALUES ($1, $2)
       ON CONFLICT (provider) DO UPDATE SET webhook_secret_encrypted = $2`,
      [provider, sealed],
    );
    await db.query('DELETE FROM provider_subscription WHERE provider = $1', [provider]);
    if (subscriptionId === null) return;
    await db.query(`INSERT INTO provider_subscription (provider, subscription_id, callback_url) VALUES ($1, $2, '')`, [
      provider,
      String(subscriptionId),
    ]);
  }

  private async knowZone(connectionId: string, offset: string, from: string, to: string): Promise<void> {
    const minutes = Number(`${offset[0]}1`) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
    await this.database.db.query(
      `INSERT INTO connection_zone (connection_id, local_date, zone_offset)
       SELECT $1, day::date, $2 FROM generate_series($3::timestamptz - interval '2 days', $4::timestamptz, '1 day') AS day`,
      [connectionId, minutes, from, to],
    );
  }

  /** Asks for everything of the provider within the window. Answers the run's id. */
  async request({ provider, user }: Account, window: { start: string; end: string }): Promise<string> {
    const span = {
      start: instantFromDate(new Date(window.start)),
      end: instantFromDate(new Date(window.end)),
    };
    const code = provider as Parameters<PullDesk['request']>[0];
    return (await this.app.get(PullDesk).request(code, user.id, span)).taskId;
  }

  /** Runs what was asked for; what came of each resource, and of the whole. @throws RetryLater */
  async run(taskId: string, now: string): Promise<{ resources: JsonObject; state: string }> {
    await this.app.get(PullRunner).run(taskId, () => new Date(now));
    const [row] = await this.database.db.query<{ progress: JsonObject; state: string }>(
      'SELECT r.progress, t.state FROM pull_run r JOIN task t ON t.id = r.id WHERE r.id = $1',
      [taskId],
    );
    if (!row) throw new Error('The run is gone');
    return { resources: row.progress['resources'] as JsonObject, state: row.state };
  }

  /** Asks for the same while somebody waits; what they hear when it fails. */
  async ask({ provider, user }: Account, window: { start: string; end: string }): Promise<Failure | null> {
    const span = { start: instantFromDate(new Date(window.start)), end: instantFromDate(new Date(window.end)) };
    const code = provider as Parameters<PullDesk['request']>[0];
    try {
      await this.app.get(DirectPulls).pull(code, user.id, 'all', span);
      return null;
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  /** The vendor has forgiven us. */
  async forgetBudgets(): Promise<void> {
    await this.database.db.query('DELETE FROM request_budget');
  }

  /** A user who went to the vendor and came back with a code. */
  async authorize(provider: string): Promise<{ user: GivenUser; authorizationUrl: URL; location: string }> {
    const { db } = this.database;
    const code = provider as Parameters<OAuthFlow['begin']>[0];
    await db.query('DELETE FROM connection WHERE provider = $1', [provider]);
    const user = await given(db).user();
    const flow = this.app.get(OAuthFlow);
    const { authorization_url, state } = await flow.begin(code, user.id, null);
    const { location } = await flow.finish(code, { code: 'syn-code', state });
    return { user, authorizationUrl: new URL(authorization_url), location };
  }

  /** Tells the vendor that the user left. */
  farewell({ provider, user }: Account): Promise<void> {
    return this.app.get(VendorFarewell).say(user.id, provider);
  }

  /** One delivery at the door, and what the worker then makes of it. */
  async deliver(
    provider: string,
    request: { body: string; headers: Readonly<Record<string, string>> },
    now: Date,
  ): Promise<Delivered> {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const before = await this.lastDelivery();
    const received = await heard(() =>
      this.app.get(WebhookDesk).receive(provider, Buffer.from(request.body), headers, instantFromDate(now)),
    );
    return { answer: received, result: await this.workOff(before) };
  }

  async challenge(provider: string, query: Readonly<Record<string, string>>): Promise<Delivered> {
    const answer = await heard(async () => ({
      status: 200,
      body: await this.app.get(WebhookDesk).challenge(provider, query),
    }));
    return { answer, result: null };
  }

  private async lastDelivery(): Promise<number> {
    const [row] = await this.database.db.query<{ id: number }>(
      'SELECT coalesce(max(id), 0)::int AS id FROM vendor_inbox',
    );
    return row?.id ?? 0;
  }

  /** What became of the delivery after `id`; null when there is none. */
  private async workOff(id: number): Promise<JsonObject | null> {
    for (const delivery of await this.app.get(VendorInboxRepository).takeDue(100)) {
      await this.app.get(DeliveryWorker).run(delivery);
    }
    const [done] = await this.database.db.query<{ result: JsonObject }>(
      `SELECT result FROM vendor_inbox WHERE id > $1 AND state = 'done' ORDER BY id`,
      [id],
    );
    return done?.result ?? null;
  }

  async close(): Promise<void> {
    await this.app.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** What the vendor hears of a failure. */
async function heard(work: () => Promise<{ status: number; body: JsonValue }>): Promise<Delivered['answer']> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return { status: error.status, body: { detail: error.detail as JsonValue } };
    throw error;
  }
}

const textsOf = (settings: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));

/** Credentials, addresses and room enough for every provider with a cloud. */
function environmentOf(vendor: LocalVendor, strategies: readonly ProviderStrategy[]): Record<string, string> {
  const entries = strategies.filter(hasCloud).flatMap(({ code }) => {
    const prefix = code.toUpperCase();
    return [
      [`${prefix}_CLIENT_ID`, `${code}-client`],
      [`${prefix}_CLIENT_SECRET`, `${code}-secret`],
      [`${prefix}_API_BASE_URL`, vendor.urlOf(code)],
      [`${prefix}_TOKEN_URL`, `${vendor.urlOf(code)}/oauth/token`],
      [`${prefix}_RATE_LIMIT`, '100000/1'],
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
