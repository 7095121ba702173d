import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newRunId, SyncFeed, SyncRuns, type SyncFinish, type SyncSource } from '#libs/sync';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';
import { EventReader } from './event-reader.js';

let api: TestApi;
let runs: SyncRuns;
let user: GivenUser;
let other: GivenUser;

beforeAll(async () => {
  api = await openTestApi();
  runs = api.app.get(SyncRuns, { strict: false });
  user = await api.given.user();
  other = await api.given.user();
});
afterAll(() => api.close());

async function run(whose: GivenUser, provider: string, source: SyncSource, end?: SyncFinish): Promise<string> {
  const runId = newRunId('run');
  await runs.start({ runId, userId: whose.id, provider, source, message: 'begins' });
  if (end) await runs.finish(runId, end);
  return runId;
}

const stream = (path: string, headers: Record<string, string> = {}): Promise<EventReader> =>
  EventReader.open(`${api.url}/api/v1/users/${path}`, { 'X-API-Key': api.apiKey, ...headers });

describe('sync status', () => {
  let ids: string[];

  beforeAll(async () => {
    ids = [
      await run(user, 'oura', 'pull', { status: 'success', message: 'ended', itemsProcessed: 3 }),
      await run(user, 'whoop', 'backfill', { status: 'failed', error: 'broken' }),
      await run(other, 'oura', 'pull'),
    ];
  });

  it('lists the events of a user, newest first', async () => {
    const { body } = await api.client.get(`/api/v1/users/${user.id}/sync/recent`).expect(200);
    expect(body).toMatchObject([
      { run_id: ids[1], stage: 'failed', error: 'broken' },
      { run_id: ids[1], stage: 'started' },
      { run_id: ids[0], stage: 'completed', status: 'success', progress: 1, items_processed: 3, items_total: null },
      { run_id: ids[0], user_id: user.id, provider: 'oura', source: 'pull', stage: 'started', status: 'in_progress' },
    ]);
    const limited = await api.client.get(`/api/v1/users/${user.id}/sync/recent?limit=1`).expect(200);
    expect(limited.body).toEqual(body.slice(0, 1));
  });

  it('lists the runs of a user as their latest event left them', async () => {
    const { body } = await api.client.get(`/api/v1/users/${user.id}/sync/runs`).expect(200);
    expect(Object.keys(body[0]).sort()).toEqual(
      [
        ...['run_id', 'user_id', 'provider', 'source', 'stage', 'status', 'message', 'progress', 'items_processed'],
        ...['items_total', 'error', 'primary_user_id', 'started_at', 'ended_at', 'last_update'],
      ].sort(),
    );
    expect(body).toMatchObject([
      { run_id: ids[1], status: 'failed', started_at: expect.any(String), ended_at: expect.any(String) },
      { run_id: ids[0], status: 'success', message: 'ended' },
    ]);
  });

  it.each([
    ['', [2, 1, 0]],
    ['?limit=2', [2, 1]],
    ['?provider=oura', [2, 0]],
    ['?provider=oura&status=success', [0]],
    ['?source=backfill', [1]],
    ['?source=anything', []],
    ['?user_id=USER', [1, 0]],
    ['?user_id=USER&provider=oura', [0]],
    ['?user_id=7b9b7a1e-0000-4000-8000-000000000000', []],
  ])('lists runs of all users for %j', async (query, expected) => {
    const { body } = await api.client.get(`/api/v1/sync/runs${query.replace('USER', user.id)}`).expect(200);
    expect(body.map(({ run_id }: { run_id: string }) => ids.indexOf(run_id))).toEqual(expected);
  });

  it('answers what is wrong', async () => {
    const unknown = '7b9b7a1e-0000-4000-8000-000000000000';
    for (const part of ['recent', 'runs', 'stream']) {
      const { body } = await api.client.get(`/api/v1/users/${unknown}/sync/${part}`).expect(404);
      expect(body).toEqual({ detail: 'User not found' });
      await api.client.get(`/api/v1/users/nobody/sync/${part}`).expect(400);
      await api.anonymous.get(`/api/v1/users/${user.id}/sync/${part}`).expect(401);
    }
    for (const query of ['recent?limit=201', 'runs?limit=0', 'stream?replay=201', 'stream?replay=0']) {
      await api.client.get(`/api/v1/users/${user.id}/sync/${query}`).expect(400);
    }
    await api.client.get('/api/v1/sync/runs?limit=10001').expect(400);
    await api.client.get('/api/v1/sync/runs?user_id=x').expect(400);
  });

  it('streams stored and live events with ids to go on from', async () => {
    const reader = await stream(`${user.id}/sync/stream?replay=2`);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const stored = await reader.next(2);
    expect(reader.comments).toEqual(['connected']);
    const live = await run(user, 'polar', 'webhook');
    const [event] = await reader.next(1);
    const { body } = await api.client.get(`/api/v1/users/${user.id}/sync/recent?limit=1`);
    expect(event).toEqual({ event: 'sync.status', id: body[0].event_id, data: body[0] });
    expect(event!.data['run_id']).toBe(live);
    reader.close();

    const resumed = await stream(`${user.id}/sync/stream`, { 'Last-Event-ID': stored[1]!.id });
    expect(await resumed.next(1)).toEqual([event]);
    resumed.close();
    const confused = await stream(`${user.id}/sync/stream?replay=1`, { 'Last-Event-ID': 'seventeen' });
    expect(await confused.next(1)).toEqual([event]);
    confused.close();
  });

  it('answers HEAD without staying', async () => {
    const answer = await fetch(`${api.url}/api/v1/users/${user.id}/sync/stream`, {
      method: 'HEAD',
      headers: { 'X-API-Key': api.apiKey },
    });
    expect(answer.status).toBe(200);
  });

  it('ends a stream when its key is gone', async () => {
    const { id, key } = await api.given.apiKey('short-lived');
    const reader = await stream(`${user.id}/sync/stream?replay=1`, { 'X-API-Key': key });
    await reader.next(1);
    await api.database.db.query('DELETE FROM api_key WHERE id = $1', [id]);
    // Long enough for whatever remembers keys to have forgotten this one.
    const later = Date.now() + 31_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    await api.app.get(SyncFeed, { strict: false }).tick(later);
    jest.restoreAllMocks();
    await reader.ended();
  });

  it('ends streams at shutdown, without delay', async () => {
    const short = await openTestApi();
    const someone = await short.given.user();
    const reader = await EventReader.open(`${short.url}/api/v1/users/${someone.id}/sync/stream`, {
      'X-API-Key': short.apiKey,
    });
    await short.close();
    await reader.ended();
  });
});
