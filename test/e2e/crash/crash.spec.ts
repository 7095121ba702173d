import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { verifyRollups } from '#libs/ingest';
import { heartRate, heartRates, upload } from '../../medium/sync/uploads.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { buildProcesses, freePort, PlatformProcess } from './processes.js';

jest.setTimeout(300_000);

const RECORDS = 200_000;
const MALFORMED = 123_456;

let database: TestDatabase;
let apiKey: string;
let port: number;
const running: PlatformProcess[] = [];

beforeAll(async () => {
  await buildProcesses();
  database = await openTestDatabase();
  apiKey = (await given(database.db).apiKey()).key;
  port = await freePort();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});
afterAll(() => database.close());

async function start(name: 'api' | 'worker'): Promise<PlatformProcess> {
  const env = { DATABASE_URL: database.url, PORT: String(port), DATABASE_POOL_SIZE: '5' };
  const started = await PlatformProcess.start(name, env);
  running.push(started);
  return started;
}

async function post(user: GivenUser, body: string): Promise<{ batch_id: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/sdk/users/${user.id}/sync`, {
    method: 'POST',
    headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    body: new Uint8Array(gzipSync(body, { level: 1 })),
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { batch_id: string };
}

const query = async <T extends object>(text: string, ...values: unknown[]): Promise<T[]> =>
  database.db.query(text, values);

async function until(isTrue: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await isTrue());) {
    if (Date.now() > end) throw new Error(`Still not so after ${limitMs} ms: ${String(isTrue)}`);
    await pause(20);
  }
}
const drained = async (): Promise<boolean> => (await query(`SELECT FROM inbox WHERE state = 'pending'`)).length === 0;

/** Every count that is kept beside the points must agree with the points. */
async function expectConsistent(user: GivenUser, points: number): Promise<void> {
  const [counted] = await query<{ points: number; stream: number; days: number; rollup: number }>(
    `SELECT (SELECT count(*) FROM point WHERE user_key = $1) AS points,
       (SELECT sum(point_count) FROM stream WHERE user_key = $1) AS stream,
       (SELECT sum(point_count) FROM stream_day WHERE user_key = $1) AS days,
       (SELECT sum(point_count) FROM rollup WHERE user_key = $1) AS rollup`,
    user.key,
  );
  expect(counted).toEqual({ points, stream: points, days: points, rollup: points });
  expect((await verifyRollups(database.db)).differences).toEqual([]);
}

describe('a worker that is killed', () => {
  it('leaves nothing out and nothing twice, however often it happens in the middle of one upload', async () => {
    const user = await given(database.db).user();
    const api = await start('api');
    const records = Array.from({ length: RECORDS }, (_, n) => {
      const { metadata: _metadata, ...record } = heartRate(n, n === MALFORMED ? 'high' : 60 + (n % 40));
      return record;
    });
    const { batch_id: batchId } = await post(user, JSON.stringify(upload({ records })));
    await api.kill();

    const chunksDone = async (): Promise<number> => {
      const [row] = await query<{ chunks: number }>(
        `SELECT coalesce((progress->>'chunks')::int, 0) AS chunks FROM inbox WHERE batch_id = $1`,
        batchId,
      );
      return row!.chunks;
    };
    const seen = [0];
    for (let kills = 0; kills < 3; kills++) {
      const worker = await start('worker');
      await until(async () => (await chunksDone()) >= seen[kills]! + 4);
      // Not at a boundary between two transactions, but somewhere inside one.
      await pause(30 + 70 * kills);
      await worker.kill();
      seen.push(await chunksDone());
    }
    expect(await query('SELECT state, attempts FROM inbox WHERE batch_id = $1', batchId)).toMatchObject([
      { state: 'pending' },
    ]);

    await start('worker');
    await until(drained);
    const [task] = await query<{ state: string; result: Record<string, unknown> }>(
      'SELECT state, result FROM task WHERE id = $1',
      batchId,
    );
    expect(task).toMatchObject({
      state: 'succeeded',
      result: {
        records_saved: RECORDS - 1,
        dropped_count: 1,
        points: { inserted: RECORDS - 1, updated: 0, unchanged: 0 },
        problems: [{ collection: 'records', index: MALFORMED }],
      },
    });
    await expectConsistent(user, RECORDS - 1);
  });
});

describe('an API that is killed', () => {
  it('has stored everything that it accepted', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => given(database.db).user()));
    const api = await start('api');
    const accepted = new Map<GivenUser, number>(users.map((user) => [user, 0]));
    const clients = users.map(async (user) => {
      for (let n = 0; n < 50; n++) {
        const answer = await post(user, JSON.stringify(upload({ records: heartRates(100, n * 100) }))).catch(
          () => null,
        );
        if (answer === null) return;
        accepted.set(user, n + 1);
      }
    });
    await until(async () => [...accepted.values()].reduce((a, b) => a + b) >= 20);
    await api.kill();
    await Promise.all(clients);
    await start('worker');
    await until(drained);
    for (const [user, uploads] of accepted) {
      const [row] = await query<{ n: number }>('SELECT count(*) AS n FROM point WHERE user_key = $1', user.key);
      // The last one may have been stored without its answer having reached the client.
      expect([uploads * 100, uploads * 100 + 100]).toContain(row!.n);
    }
  });
});

describe('a queue that forgets', () => {
  it('loses nothing, when all its tables are gone and when it never heard of an upload', async () => {
    const [user, unheard] = [await given(database.db).user(), await given(database.db).user()];
    const api = await start('api');
    for (let n = 0; n < 3; n++) await post(user, JSON.stringify(upload({ records: heartRates(50, n * 50) })));
    await api.kill();
    await query('DROP SCHEMA bullmq CASCADE');
    const plain = Buffer.from(JSON.stringify(upload({ records: heartRates(10) })));
    await query(
      `WITH t AS (INSERT INTO task (id, kind, user_id, state) SELECT $1, 'sdk_upload', $2, 'queued')
       INSERT INTO inbox (batch_id, kind, user_id, provider, encoding, body, digest, context)
       VALUES ($1, 'sdk', $2, 'apple', 'identity', $3, '', $4)`,
      '5f0c4b9e-3c1e-4f0a-9d59-6d1d8a3f7a11',
      unheard.id,
      plain,
      JSON.stringify({ plainBytes: plain.length, requestId: null }),
    );
    await start('worker');
    await until(drained);
    await expectConsistent(user, 150);
    await expectConsistent(unheard, 10);
  });
});
