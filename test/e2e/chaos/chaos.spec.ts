import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bootstrapIdentity } from '#libs/identity';
import { chaos } from '../../simulator/chaos/chaos.js';
import { ACCESS, PlatformClient } from '../../simulator/chaos/platform-client.js';
import { Simulator } from '../../simulator/simulator.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { freshRedisUrl } from '../../support/redis.js';
import { buildProcesses, freePort, PlatformProcess } from '../crash/processes.js';

/** Small enough for every test run; `npm run bench -- chaos` is the same with 200 connections for a minute. */
const PLAN = { connections: 4, seconds: 6, kills: 2, patienceSeconds: 0 };

let database: TestDatabase;
let simulator: Simulator;
let worker: PlatformProcess;
let env: Record<string, string>;
const running: PlatformProcess[] = [];

async function start(name: 'api' | 'worker'): Promise<PlatformProcess> {
  const started = await PlatformProcess.start(name, env);
  running.push(started);
  return started;
}

beforeAll(async () => {
  await buildProcesses();
  [database, simulator] = await Promise.all([
    openTestDatabase(),
    Simulator.start({ people: PLAN.connections, beatMinutes: 240 }),
  ]);
  const port = String(await freePort());
  const redis = await freshRedisUrl();
  env = {
    ...simulator.settings({ isUnlimited: true }),
    ...{ DATABASE_URL: database.url, PORT: port, API_BASE_URL: `http://127.0.0.1:${port}`, DATABASE_POOL_SIZE: '5' },
    ...{ SECRET_KEY: 'a secret of the tests that nobody else knows', LOG_LEVEL: 'silent' },
    ...(redis === null ? {} : { REDIS_URL: redis }),
  };
  [, worker] = await Promise.all([start('api'), start('worker')]);
});
afterAll(async () => {
  for (const one of running) await one.kill();
  await database.close();
  await simulator.stop();
});

it('holds what happened, once, whatever went wrong meanwhile', async () => {
  await bootstrapIdentity(database.db, ACCESS);
  const restartWorker = async (): Promise<void> => {
    await worker.kill();
    worker = await start('worker');
  };
  const platform = new PlatformClient(env['API_BASE_URL']!);
  const report = await chaos({ simulator, platform, restartWorker }, PLAN);
  expect(report.differences).toEqual([]);
  expect(report.kills).toBe(PLAN.kills);
  expect(report.deliveries).toBeGreaterThan(0);
  expect(report.refused).toBe(0);
  expect(report.refreshes).toBeGreaterThan(0);
  expect(Object.values(report.faults).reduce((total, count) => total + count, 0)).toBeGreaterThan(5);
}, 180_000);
