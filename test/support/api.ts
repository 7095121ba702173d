import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { loadConfig, type AppConfig } from '#libs/config';
import { Sessions } from '#libs/identity';
import { configureLogging } from '#libs/observability';
import { createApi } from '../../apps/api/src/create-api.js';
import { createWorker } from '../../apps/worker/src/create-worker.js';
import { ApiClient } from './api-client.js';
import { Contract } from './contract.js';
import { openTestDatabase, type TestDatabase } from './database.js';
import { drainInbox } from './drain.js';
import { given, type Given } from './given.js';
import type { JsonObject } from './openapi-schema.js';
import { freshRedisUrl } from './redis.js';
import { readableSecrets } from './secrets-at-rest.js';

export interface TestApiOptions {
  /** Also run the worker in this process, so that uploads are digested. */
  worker?: boolean;
  /** Settings that differ from the tests' own. */
  config?: Partial<AppConfig>;
}

export interface TestApi {
  app: INestApplication;
  config: AppConfig;
  /** Address of the listening server, for streams and clients of their own. */
  url: string;
  database: TestDatabase;
  given: Given;
  /** What the clients below send as `X-Open-Wearables-API-Key`. */
  apiKey: string;
  /** Carries the API key; every answer is held against /openapi.json. */
  client: ApiClient;
  /** Carries a developer's access token, like the portal; every answer is held against /openapi.json. */
  developer: ApiClient;
  /** Id of that developer, and the token. */
  developerId: string;
  developerToken: string;
  /** Carries no credentials; every answer is held against /openapi.json. */
  anonymous: ApiClient;
  /** Waits until every accepted upload is digested. Needs the worker. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Every API documents the same: it is read, and its schemas are compiled, once. */
let contract: Contract | undefined;

/**
 * The whole HTTP API on a fresh database, listening on a port of its own; `close()` leaves nothing behind, and fails when
 * a secret can be read in any table.
 */
export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await openTestDatabase();
  const dataDir = await mkdtemp(join(process.env['TEST_SCRATCH_DIR'] ?? tmpdir(), 'api-'));
  const config = await testConfig(database.url, dataDir, options.config);
  configureLogging({ level: config.logLevel, service: 'test' });
  const running: INestApplicationContext[] = [];
  const close = async (): Promise<void> => {
    for (const app of running.reverse()) await app.close();
    const readable = await readableSecrets(database.db);
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
    if (readable.length > 0) throw new Error(`Secrets can be read in ${readable.join(', ')}`);
  };
  try {
    const app = await createApi(config);
    running.push(app);
    await app.listen(0, '127.0.0.1');
    if (options.worker) running.push(await createWorker(config));
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    contract ??= new Contract((await (await fetch(`${url}/openapi.json`)).json()) as JsonObject);
    const build = given(database.db);
    const apiKey = (await build.apiKey()).key;
    const developerId = (await build.developer()).id;
    const login = await app.get(Sessions).open({ kind: 'developer', developerId }, new Date());
    return {
      app,
      config,
      url,
      database,
      given: build,
      apiKey,
      client: new ApiClient(url, contract, { 'X-Open-Wearables-API-Key': apiKey }),
      developer: new ApiClient(url, contract, { Authorization: `Bearer ${login.access_token}` }),
      developerId,
      developerToken: login.access_token,
      anonymous: new ApiClient(url, contract, {}),
      drain: () => drainInbox(database.db),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function testConfig(databaseUrl: string, dataDir: string, changes: Partial<AppConfig> = {}): Promise<AppConfig> {
  const environment = {
    ENVIRONMENT: 'test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: (await freshRedisUrl()) ?? undefined,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    ACCESS_LOG_LEVEL: 'off',
    RATE_LIMIT_ATTEMPTS: '0',
  };
  return { ...loadConfig(environment), ...changes };
}
