import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { heartRate, upload } from '../../medium/sync/uploads.js';
import { Sink, verified } from '../../medium/webhooks/sink.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { buildProcesses, freePort, PlatformProcess } from '../crash/processes.js';

jest.setTimeout(180_000);

const USERS = 60;

let database: TestDatabase;
let sink: Sink;
let apiKey: string;
let port: number;
const running: PlatformProcess[] = [];

beforeAll(async () => {
  await buildProcesses();
  [database, sink, port] = await Promise.all([openTestDatabase(), Sink.open(), freePort()]);
  apiKey = (await given(database.db).apiKey()).key;
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});
afterAll(async () => {
  await sink.close();
  await database.close();
});

async function start(name: 'api' | 'worker'): Promise<PlatformProcess> {
  const started = await PlatformProcess.start(name, {
    DATABASE_URL: database.url,
    PORT: String(port),
    DATABASE_POOL_SIZE: '5',
    OUTGOING_WEBHOOKS_ENABLED: 'true',
  });
  running.push(started);
  return started;
}

async function startHeld(): Promise<PlatformProcess> {
  const worker = await start('worker');
  worker.hold();
  return worker;
}

async function call(path: string, body: object): Promise<{ id: string; key: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method: 'POST',
    headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string; key: string };
}

const count = async (from: string): Promise<number> =>
  (await database.db.query<{ count: number }>(`SELECT count(*) AS count FROM ${from}`))[0]!.count;

/** What is still to be stored, told or delivered. */
const left = async (): Promise<number> =>
  (await count(`inbox WHERE state = 'pending'`)) + (await count('outbox')) + (await count('webhook_delivery'));

async function until(isTrue: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isTrue());) {
    if (Date.now() > end) throw new Error(`Still not so: ${String(isTrue)}`);
    await pause(10);
  }
}

it('killed api and workers lose no event and invent none', async () => {
  // Loading them takes longest; those whose turn has not come are held until then.
  const [api, ...workers] = await Promise.all([start('api'), ...Array.from({ length: 3 }, () => startHeld())]);
  const types = ['series.heart_rate.created'];
  const { id } = await call('/webhooks/endpoints', { url: `${sink.url}/hook`, filter_types: types });
  const { key } = await call(`/webhooks/endpoints/${id}/secret/rotate`, {});
  const users = await Promise.all(Array.from({ length: USERS }, () => given(database.db).user()));
  const uploadAll = async (from: number): Promise<void> => {
    for (const [n, user] of users.entries()) {
      await call(`/sdk/users/${user.id}/sync`, upload({ records: [heartRate(from + n)] }));
    }
  };
  await uploadAll(0);

  // Killed while it stores and tells, then while it stores, tells and delivers.
  for (const [isAmidst, worker] of [
    [async () => (await count('webhook_message')) > 0, workers[0]!],
    [() => sink.received.length >= 20, workers[1]!],
  ] as const) {
    worker.resume();
    await until(isAmidst);
    await worker.kill();
    expect(await left()).toBeGreaterThan(0);
    // What it was sending is due again when its time is over; the time is not waited for here.
    await database.db.query('UPDATE webhook_delivery SET leased_until = NULL');
  }
  // Each user's next upload takes along what the dead were at, so that nobody waits until that is taken from them.
  await uploadAll(USERS);
  await api!.kill();
  workers[2]!.resume();
  await until(async () => (await left()) === 0);

  const told = sink.received.map((delivery) => {
    const { data } = verified(delivery, key) as { data: { samples: { timestamp: string }[] } };
    return { id: delivery.headers['svix-id'], timestamps: data.samples.map(({ timestamp }) => timestamp) };
  });
  const messages = new Map(told.map((one) => [one.id, one.timestamps]));
  const expected = Array.from({ length: 2 * USERS }, (_, n) =>
    String(heartRate(n)['startDate']).replace('Z', '+00:00'),
  );
  expect([...messages.values()].flat().sort()).toEqual(expected.sort());
  expect(await count('(SELECT DISTINCT message_id FROM webhook_attempt WHERE status = 0) AS a')).toBe(messages.size);
});
