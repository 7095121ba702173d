import { request as httpRequest } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import type { Response } from 'supertest';
import { createWorker } from '../../../apps/worker/src/create-worker.js';
import { heartRate, heartRates, upload } from '../../medium/sync/uploads.js';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';

jest.setTimeout(60_000);

let api: TestApi;
let second: INestApplicationContext;

beforeAll(async () => {
  api = await openTestApi({ worker: true });
  // Two workers compete for every upload.
  second = await createWorker(api.config);
});
afterAll(async () => {
  await second.close();
  await api.close();
});

const path = (user: { id: string }): string => `/api/v1/sdk/users/${user.id}/sync`;
const send = (user: { id: string }, body: object): Promise<Response> => api.client.post(path(user), body);
const sendBytes = (user: { id: string }, bytes: Buffer | string, headers: Record<string, string> = {}) =>
  api.client
    .post(path(user))
    .set({ 'Content-Type': 'application/json', ...headers })
    .serialize((data) => data as string)
    .send(bytes as string);

const taskOf = async (response: Response) => {
  const task = await api.client.get(`/api/v1/tasks/${(response.body as { task_id: string }).task_id}`);
  return task.body as { state: string; progress: number; result: Record<string, unknown>; run_id: string };
};
const points = (user: GivenUser) =>
  api.database.db.query<{ at: string; value: number; series: number }>(
    `SELECT recorded_at AS at, value, series_type AS series FROM point JOIN stream s ON s.id = stream_id
     WHERE point.user_key = $1 ORDER BY recorded_at`,
    [user.key],
  );

describe('POST /sdk/users/{user_id}/sync', () => {
  it('accepts with the documented answer and stores records, sleep and workouts', async () => {
    const user = await api.given.user();
    const source = {
      appId: 'org.example.app',
      deviceName: 'Demo Watch',
      deviceModel: 'Watch7,1',
      deviceType: 'watch',
      operatingSystemVersion: { majorVersion: 26, minorVersion: 0, patchVersion: 1 },
    };
    const times = (startDate: string, endDate = startDate) => ({ startDate, endDate, source });
    const accepted = await send(
      user,
      upload({
        records: [
          {
            id: '0A11-1',
            type: 'HKQuantityTypeIdentifierHeartRate',
            ...times('2025-03-04T04:00:00Z'),
            zoneOffset: null,
            value: 61,
            unit: 'count/min',
            metadata: {},
          },
        ],
        sleep: [{ id: '0A11-2', stage: 'deep', ...times('2025-03-03T23:10:00Z', '2025-03-03T23:42:00Z') }],
        workouts: [
          {
            id: '0A11-3',
            type: 'running',
            ...times('2025-03-03T17:00:00Z', '2025-03-03T17:41:00Z'),
            zoneOffset: '+01:00',
            values: [
              { type: 'duration', unit: 's', value: 2400 },
              { type: 'activeEnergyBurned', unit: 'kcal', value: 388.5 },
              { type: 'distance', unit: 'm', value: 7210.4 },
              { type: 'averageHeartRate', unit: 'bpm', value: 151 },
            ],
          },
        ],
      }),
    );
    expect(accepted.status).toBe(202);
    expect(accepted.body).toEqual({
      status_code: 202,
      response: 'Import task queued successfully',
      user_id: user.id,
      dropped_count: 0,
      records_saved: 0,
      workouts_saved: 0,
      sleep_saved: 0,
      batch_id: expect.any(String),
      task_id: expect.any(String),
    });

    await api.drain();
    expect(await taskOf(accepted)).toMatchObject({
      state: 'succeeded',
      progress: 1,
      run_id: accepted.body.batch_id,
      result: { records_saved: 1, workouts_saved: 1, sleep_saved: 1, dropped_count: 0, problems: [] },
    });
    expect(await points(user)).toEqual([{ at: '2025-03-04T04:00:00Z', value: 61, series: 1 }]);
    const [run, night] = await api.database.db.query(
      `SELECT category, type, external_id, started_at, ended_at, zone_offset, duration_seconds, energy_burned, distance,
         heart_rate_avg, deep_minutes
       FROM event LEFT JOIN workout_detail w ON w.event_id = id LEFT JOIN sleep_detail s ON s.event_id = id
       WHERE event.user_key = $1 ORDER BY started_at`,
      [user.key],
    );
    expect(run).toMatchObject({
      category: 'workout',
      type: 'running',
      external_id: '0A11-3',
      started_at: '2025-03-03T17:00:00Z',
      zone_offset: 60,
      duration_seconds: 2400,
      energy_burned: 388.5,
      distance: 7210.4,
      heart_rate_avg: 151,
    });
    expect(night).toMatchObject({ category: 'sleep', started_at: '2025-03-03T23:10:00Z', deep_minutes: 32 });
  });

  it('stores 9,999 of 10,000 records and names the malformed one', async () => {
    const user = await api.given.user();
    const accepted = await send(user, upload({ records: heartRates(10_000, 0, (n) => (n === 7_654 ? 'high' : 60)) }));
    await api.drain();
    expect((await taskOf(accepted)).result).toMatchObject({
      records_saved: 9_999,
      dropped_count: 1,
      problems: [
        {
          collection: 'records',
          index: 7_654,
          path: 'value',
          message: 'Input should be a valid decimal',
          severity: 'dropped',
        },
      ],
    });
    expect(await points(user)).toHaveLength(9_999);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('takes %s', async (encoding, pack) => {
    const user = await api.given.user();
    const packed = pack(Buffer.from(JSON.stringify(upload({ records: heartRates(500) }))));
    expect((await sendBytes(user, packed, { 'Content-Encoding': encoding })).status).toBe(202);
    await api.drain();
    expect(await points(user)).toHaveLength(500);
  });

  it('takes the provider in any case and writes it in lower case', async () => {
    const user = await api.given.user();
    await send(user, upload({ records: heartRates(1) }, { provider: 'ApPle' }));
    await api.drain();
    const connections = await api.database.db.query('SELECT provider, status FROM connection WHERE user_id = $1', [
      user.id,
    ]);
    expect(connections).toEqual([{ provider: 'apple', status: 'active' }]);
  });

  it('answers the user in the spelling of the path', async () => {
    const user = await api.given.user();
    const shouted = user.id.toUpperCase();
    const accepted = await send({ id: shouted }, upload({}));
    expect(accepted).toMatchObject({ status: 202, body: { user_id: shouted } });
  });

  it.each([
    ['not JSON', '{"provider":"apple"', /^JSON decode error - ./],
    ['text', 'hello', /^JSON decode error - ./],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00]), /^JSON decode error - ./],
    ['a list', '[]', /^Input should be a valid dictionary$/],
    ['a number', '7', /^Input should be a valid dictionary$/],
    ['null', 'null', /^Field required$/],
    ['nothing', '', /^Field required$/],
    ['no provider', '{}', /^Unsupported provider: \. Supported: apple, samsung, google$/],
    ['a cloud provider', '{"provider":"Garmin"}', /^Unsupported provider: Garmin\. Supported: apple, samsung, google$/],
  ])('refuses %s', async (_name, body, detail) => {
    const response = await sendBytes(await api.given.user(), body);
    expect(response.status).toBe(400);
    expect(response.body.detail).toMatch(detail);
  });

  it('refuses JSON that does not say that it is', async () => {
    const user = await api.given.user();
    const response = await sendBytes(user, JSON.stringify(upload({})), { 'Content-Type': 'text/plain' });
    expect(response).toMatchObject({ status: 400, body: { detail: 'Input should be a valid dictionary' } });
  });

  it('accepts any object of a supported provider and reports its faults in the task', async () => {
    const accepted = await send(await api.given.user(), { provider: 'google', data: 7 });
    expect(accepted.status).toBe(202);
    await api.drain();
    expect(await taskOf(accepted)).toMatchObject({ state: 'failed', error: 'Validation failed: Field required' });
  });

  it.each(['7b0f7f0e-5f5b-4c0e-9a55-3f1d2b9a6c11', 'nobody', '0'])('knows no user %s', async (id) => {
    const response = await send({ id }, upload({}));
    expect(response).toMatchObject({ status: 404, body: { detail: 'User not found' } });
  });

  it('asks for credentials before it reads anything', async () => {
    const user = await api.given.user();
    const missing = await api.anonymous.post(path(user)).set('Content-Type', 'application/json').send('{');
    expect(missing).toMatchObject({
      status: 401,
      body: { detail: 'Authentication required: provide SDK token or API key' },
    });
    const wrong = await api.anonymous.with({ 'X-API-Key': 'sk-nonsense' }).post(path(user), upload({}));
    expect(wrong).toMatchObject({ status: 401, body: { detail: 'Invalid or missing API key' } });
    expect(await api.database.db.query('SELECT FROM inbox WHERE user_id = $1', [user.id])).toHaveLength(0);
  });

  it('stores parallel deliveries of the same upload once', async () => {
    const user = await api.given.user();
    const body = upload({ records: heartRates(300) });
    const accepted = await Promise.all(Array.from({ length: 8 }, () => send(user, body)));
    expect(accepted.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    await api.drain();
    expect(await points(user)).toHaveLength(300);
    const tasks = await Promise.all(accepted.map(taskOf));
    const inserted = tasks.map(({ result }) => (result['points'] as { inserted: number }).inserted);
    expect(inserted.reduce((a, b) => a + b)).toBe(300);
    expect(tasks.every(({ result }) => result['records_saved'] === 300)).toBe(true);
  });

  it('lets the later of two uploads win, also with two workers', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => api.given.user()));
    await Promise.all(
      users.map(async (user) => {
        for (let value = 40; value < 60; value++) await send(user, upload({ records: [heartRate(0, value)] }));
      }),
    );
    await api.drain();
    for (const user of users) expect((await points(user)).map(({ value }) => value)).toEqual([59]);
  });

  it('takes two users in while one of them is being digested', async () => {
    const [one, other] = [await api.given.user(), await api.given.user()];
    await Promise.all([
      send(one, upload({ records: heartRates(5_000) })),
      send(other, upload({ records: heartRates(5_000) })),
    ]);
    await api.drain();
    expect([(await points(one)).length, (await points(other)).length]).toEqual([5_000, 5_000]);
  });

  it('stores nothing when the client goes away in the middle', async () => {
    const user = await api.given.user();
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${api.url}${path(user)}`, {
        method: 'POST',
        headers: { 'X-API-Key': api.apiKey, 'Content-Type': 'application/json', 'Content-Length': 10_000 },
      });
      request.on('error', () => resolve());
      request.write('{"provider":"apple"', () => request.destroy());
    });
    expect((await send(user, upload({}))).status).toBe(202);
    expect(await api.database.db.query('SELECT FROM inbox WHERE user_id = $1', [user.id])).toHaveLength(1);
  });
});
