import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GivenUser } from '../../support/given.js';
import { HOUR_MS } from '../../simulator/people/local-time.js';
import { openCloudApi, type CloudApi } from './cloud.js';

interface Task {
  readonly task_id: string;
  readonly run_id: string;
}

/** From the login to the end of a connection, through a cloud that behaves like the vendor's. */
describe('a user of a cloud', () => {
  let api: CloudApi;
  let user: GivenUser;

  beforeAll(async () => {
    api = await openCloudApi();
    user = await api.given.user();
  });

  afterAll(() => api.close());

  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await api.client.get(`/api/v1${path}`).expect(200)).body as Record<string, unknown>;

  const workoutsOf = async ({ id }: GivenUser): Promise<string[]> => {
    const range = 'start_date=2000-01-01T00:00:00Z&end_date=2100-01-01T00:00:00Z&limit=200';
    const { data } = await get(`/users/${id}/events/workouts?${range}`);
    return (data as { start_time: string }[]).map(({ start_time }) => start_time).sort();
  };

  const runsOf = ({ key }: GivenUser): Promise<{ source: string; status: string; error: string | null }[]> =>
    api.database.db.query('SELECT source, status, error FROM sync_run WHERE user_key = $1 ORDER BY started_at', [key]);

  const announced = async ({ key }: GivenUser): Promise<unknown[]> => {
    const rows = await api.database.db.query<{ kind: string; reason: string | null }>(
      `SELECT kind, payload ->> 'reason' AS reason FROM heard
       WHERE user_key = $1 AND kind LIKE 'connection.%' ORDER BY id`,
      [key],
    );
    return rows.map(({ kind, reason }) => (reason === null ? kind : `${kind}: ${reason}`));
  };

  const life = (person: number) => api.simulator.lives[person - 1]!;
  const lived = (person: number): number => {
    const span = { fromMs: Date.now() - 90 * 24 * HOUR_MS, toMs: Date.now() };
    return life(person).workouts(span).length;
  };
  const hoursAgo = (hours: number): number => Math.floor(Date.now() / 1000) * 1000 - hours * HOUR_MS;

  it('connects, goes back where it came from, and the history comes', async () => {
    expect(await api.connect(user, 'whoop', 1, 'myapp://connected')).toBe('myapp://connected');
    await api.settle();
    expect(await runsOf(user)).toMatchObject([{ source: 'backfill', status: 'success' }]);
    expect(await announced(user)).toEqual(['connection.created']);
    expect(await workoutsOf(user)).toHaveLength(lived(1));
    const [stored] = await api.database.db.query<{ access: string; refresh: string }>(
      `SELECT access_token_encrypted AS access, refresh_token_encrypted AS refresh FROM connection WHERE user_id = $1`,
      [user.id],
    );
    expect(stored?.access).toMatch(/^v1\./);
    expect(stored?.refresh).toMatch(/^v1\./);
  });

  it('is listed with its account and without tokens', async () => {
    const { body } = await api.client.get(`/api/v1/users/${user.id}/connections`).expect(200);
    const account = api.simulator.clouds.whoop.account(1).id;
    expect(body).toMatchObject([
      { provider: 'whoop', provider_user_id: account, status: 'active', live_sync_mode: 'pull', linked_user_ids: [] },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/token|v1\./);
  });

  it('is pulled when somebody asks, in either way', async () => {
    const before = (await workoutsOf(user)).length;
    life(1).addWorkout(hoursAgo(3));
    const { body } = await api.client.post(`/api/v1/providers/whoop/users/${user.id}/sync`).expect(200);
    expect(body).toMatchObject({
      success: true,
      async: true,
      message: 'Sync task queued for whoop. Check task status for results.',
    });
    await api.settle();
    const { task_id: taskId, run_id: runId } = body as Task;
    expect(await get(`/tasks/${taskId}`)).toMatchObject({ state: 'succeeded', run_id: runId, progress: 1 });
    expect(await workoutsOf(user)).toHaveLength(before + 1);

    life(1).addWorkout(hoursAgo(5));
    const path = `/api/v1/providers/whoop/users/${user.id}/sync?async=false&data_type=workouts`;
    const direct = await api.client.post(path).expect(200);
    expect(direct.body).toEqual({ success: true, details: { workouts: expect.any(Number) } });
    expect(await workoutsOf(user)).toHaveLength(before + 2);
  });

  it('hears by webhook of what is new and what is gone, however often it is told', async () => {
    const { whoop } = api.simulator.clouds;
    const before = (await workoutsOf(user)).length;
    const key = life(1).addWorkout(hoursAgo(2));
    whoop.subscriptions.put(`${api.url}/api/v1/providers/whoop/webhooks`);
    whoop.faults.set([{ kind: 'duplicate' }]);
    const told = await whoop.deliveries.tell(1, [{ what: 'workout', action: 'create', key }]);
    whoop.faults.set([]);
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
    await api.settle();
    expect(await workoutsOf(user)).toHaveLength(before + 1);

    life(1).delete(key);
    await whoop.deliveries.tell(1, [{ what: 'workout', action: 'delete', key }]);
    await api.settle();
    expect(await workoutsOf(user)).toHaveLength(before);
    expect((await runsOf(user)).filter(({ source }) => source === 'webhook').length).toBeGreaterThanOrEqual(2);
  });

  it('sees the vendor unchanged, and why it cannot', async () => {
    const path = `/api/v1/providers/whoop/users/${user.id}/workouts`;
    const list = (await api.client.get(`${path}?limit=2`).expect(200)).body as { records: { id: string }[] };
    expect(list.records).toHaveLength(2);
    const one = await api.client.get(`${path}/${list.records[0]!.id}`).expect(200);
    expect(one.body).toEqual(list.records[0]);
    const missing = await api.client.get(`${path}/none`).expect(502);
    expect(missing.body).toEqual({ detail: 'Whoop API error: 404' });
    const stranger = await api.given.user();
    const other = await api.client.get(`/api/v1/providers/whoop/users/${stranger.id}/workouts`).expect(409);
    expect(other.body).toEqual({ detail: 'User not connected to whoop' });
  });

  it('is told what did not come, and gets it with the next pull', async () => {
    const cursor = () =>
      api.database.db.query<{ fetched_to: string }>(`SELECT fetched_to FROM sync_cursor WHERE resource = 'recovery'`);
    const sync = async () => {
      const { body } = await api.client.post(`/api/v1/providers/whoop/users/${user.id}/sync`).expect(200);
      await api.settle();
      const rows = await api.database.db.query<{ status: string; error: string | null }>(
        'SELECT status, error FROM sync_run WHERE run_id = $1',
        [(body as Task).run_id],
      );
      return rows[0];
    };
    const before = await cursor();
    api.simulator.clouds.whoop.faults.set([{ kind: 'garbage', path: '/v2/recovery' }]);
    expect(await sync()).toEqual({ status: 'partial', error: 'recovery: whoop answers something that is no JSON' });
    expect(await cursor()).toEqual(before);
    api.simulator.clouds.whoop.faults.set([]);
    expect(await sync()).toEqual({ status: 'success', error: null });
    expect(await cursor()).not.toEqual(before);
  });

  it('shares an account with another user: fetched once, stored for both', async () => {
    const other = await api.given.user();
    await api.connect(other, 'whoop', 1);
    await api.settle();
    const { body } = await api.client.get(`/api/v1/users/${user.id}/connections`).expect(200);
    expect(body).toMatchObject([{ linked_user_ids: [other.id] }]);
    const key = life(1).addWorkout(hoursAgo(4));
    await api.simulator.clouds.whoop.deliveries.tell(1, [{ what: 'workout', action: 'create', key }]);
    await api.settle();
    expect(await workoutsOf(other)).toEqual(expect.arrayContaining((await workoutsOf(user)).slice(-1)));
    const runs = await runsOf(other);
    expect(runs.map(({ source }) => source)).toContain('linked_account');
    await api.client.delete(`/api/v1/users/${other.id}/connections/whoop`).expect(204);
    expect(api.simulator.clouds.whoop.oauth.hasTokens(api.simulator.clouds.whoop.account(1))).toBe(true);
  });

  it('leaves: the vendor is told, the tokens are gone, the data stays', async () => {
    const count = (await workoutsOf(user)).length;
    await api.client.delete(`/api/v1/users/${user.id}/connections/whoop`).expect(204);
    const { oauth } = api.simulator.clouds.whoop;
    expect(oauth.hasTokens(api.simulator.clouds.whoop.account(1))).toBe(false);
    const rows = await api.database.db.query(
      `SELECT status, access_token_encrypted, refresh_token_encrypted, token_expires_at FROM connection
       WHERE user_id = $1`,
      [user.id],
    );
    const gone = { access_token_encrypted: null, refresh_token_encrypted: null, token_expires_at: null };
    expect(rows).toEqual([{ status: 'revoked', ...gone }]);
    expect(await announced(user)).toEqual(['connection.created', 'connection.revoked: user_disconnected']);
    expect(await workoutsOf(user)).toHaveLength(count);
    const sync = await api.client.post(`/api/v1/providers/whoop/users/${user.id}/sync`).expect(404);
    expect(sync.body).toEqual({ detail: 'No active connection found for provider' });
  });

  it('comes back as somebody else', async () => {
    expect(await api.connect(user, 'whoop', 2)).toBe(`/api/v1/oauth/success?provider=whoop&user_id=${user.id}`);
    const { body } = await api.client.get(`/api/v1/users/${user.id}/connections`).expect(200);
    expect(body).toMatchObject([{ status: 'active', provider_user_id: api.simulator.clouds.whoop.account(2).id }]);
    await api.settle();
    expect(await announced(user)).toHaveLength(3);
  });

  it('is disconnected when the vendor refuses the grant for good', async () => {
    const { whoop } = api.simulator.clouds;
    whoop.oauth.revoke(whoop.account(2));
    await api.client.post(`/api/v1/providers/whoop/users/${user.id}/sync`).expect(200);
    await api.settle();
    const runs = await runsOf(user);
    expect(runs.at(-1)).toMatchObject({
      status: 'failed',
      error: 'Refresh token rejected for whoop; reconnection required',
    });
    expect((await announced(user)).at(-1)).toBe('connection.revoked: refresh_failed');
  });
});
