import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { CloudModule } from '#libs/cloud';
import { ConfigModule, loadConfig, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { ProvidersModule } from '#libs/providers/kit';
import { PROVIDER_STRATEGIES } from '#libs/providers/registry';
import { QueueModule } from '#libs/queue';
import { SecretBox, SecretsModule } from '#libs/secrets';
import { PullModule } from '#libs/sync';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type Given, type GivenUser } from '../../support/given.js';
import { freshRedisUrl } from '../../support/redis.js';
import { Simulator, type VendorName } from '../../simulator/simulator.js';

/** The libraries of the clouds on a database of their own, with pretend vendors and without workers. */
export interface CloudWorld {
  readonly app: TestingModule;
  readonly database: TestDatabase;
  readonly simulator: Simulator;
  readonly given: Given;
  readonly config: AppConfig;
  /** A connection of a new user to a simulated person, as a login would have left it. */
  connected(provider: VendorName, person: number, overrides?: Connected): Promise<ConnectedUser>;
  close(): Promise<void>;
}

export interface Connected {
  /** Seconds; negative: over. */
  readonly expiresIn?: number;
  readonly user?: GivenUser;
}

export interface ConnectedUser {
  readonly user: GivenUser;
  readonly connectionId: string;
}

export async function openCloudWorld(settings: Record<string, string> = {}): Promise<CloudWorld> {
  const database = await openTestDatabase();
  const simulator = await Simulator.start({ people: 4, beatMinutes: 60 });
  const dataDir = await mkdtemp(join(process.env['TEST_SCRATCH_DIR'] ?? tmpdir(), 'cloud-'));
  const limits = Object.keys(simulator.clouds).map((name) => [`${name.toUpperCase()}_RATE_LIMIT`, '1000000/60']);
  const config = loadConfig({
    ENVIRONMENT: 'test',
    DATABASE_URL: database.url,
    REDIS_URL: (await freshRedisUrl()) ?? undefined,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    SECRET_KEY: 'a secret of the tests that nobody else knows',
    ...(Object.fromEntries(limits) as Record<string, string>),
    ...simulator.settings(),
    ...settings,
  });
  const app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      SecretsModule,
      DatabaseModule.forRoot({ applicationName: 'test' }),
      QueueModule.forRoot(config),
      ProvidersModule.forRoot(PROVIDER_STRATEGIES),
      CloudModule,
      PullModule,
    ],
  }).compile();
  await app.init();
  const build = given(database.db);
  return {
    app,
    database,
    simulator,
    given: build,
    config,
    connected: (provider, person, overrides = {}) =>
      connected({ app, database, simulator, given: build }, provider, person, overrides),
    close: async () => {
      await app.close();
      await simulator.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function connected(
  { app, database, simulator, given: build }: Pick<CloudWorld, 'app' | 'database' | 'simulator' | 'given'>,
  provider: VendorName,
  person: number,
  { expiresIn = 3600, user }: Connected,
): Promise<ConnectedUser> {
  const cloud = simulator.clouds[provider];
  const account = cloud.account(person);
  const redirect = 'http://127.0.0.1/back';
  const code = new URL(cloud.oauth.consent(account, redirect, 'state', '')).searchParams.get('code') ?? '';
  const { clientId, clientSecret } = cloud.application;
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect };
  const answer = await fetch(`${simulator.url}/${provider}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
  const tokens = (await answer.json()) as { access_token: string; refresh_token?: string };
  const owner = user ?? (await build.user());
  const box = app.get(SecretBox);
  const id = randomUUID();
  await database.db.query(
    `INSERT INTO connection (id, user_id, provider, provider_user_id, access_token_encrypted, refresh_token_encrypted,
       token_expires_at, status)
     VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second', 'active')`,
    [
      id,
      owner.id,
      provider,
      account.id,
      box.seal(tokens.access_token, 'connection.access-token'),
      tokens.refresh_token === undefined ? null : box.seal(tokens.refresh_token, 'connection.refresh-token'),
      expiresIn,
    ],
  );
  await database.db.query(
    `INSERT INTO connection_sync (connection_id, live_from, next_pull_at) VALUES ($1, now() - interval '3 days', now())`,
    [id],
  );
  return { user: owner, connectionId: id };
}
