import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessCounter, type AuditEntryView } from '#libs/audit';
import { Sessions } from '#libs/identity';
import { openTestApi, type TestApi } from '../../support/api.js';

describe('/audit', () => {
  let api: TestApi;
  let keyId: string;
  let readOnlyKey: string;

  beforeAll(async () => {
    api = await openTestApi();
    const [key] = await api.database.db.query<{ id: string }>('SELECT id FROM api_key');
    keyId = key!.id;
    readOnlyKey = (await api.given.apiKey('reader', ['data:read'])).key;
  });
  afterAll(() => api.close());

  /** The entries of one request; those of refusals are written when the answer is out already. */
  async function entriesOf(requestId: string): Promise<AuditEntryView[]> {
    for (let tries = 0; tries < 200; tries++) {
      const { body } = await api.developer.get('/api/v1/audit?limit=1000').expect(200);
      const found = (body as { data: AuditEntryView[] }).data.filter((entry) => entry.request_id === requestId);
      if (found.length > 0) return found;
      await pause(10);
    }
    return [];
  }

  it('tells who made what, from where, in which request', async () => {
    const requestId = randomUUID();
    const { body } = await api.client.with({ 'X-Request-Id': requestId }).post('/api/v1/users', {}).expect(201);
    expect(await entriesOf(requestId)).toEqual([
      {
        id: expect.any(String),
        happened_at: expect.any(String),
        actor_kind: 'api-key',
        actor_id: keyId,
        action: 'create_user',
        outcome: 'success',
        status: 201,
        method: 'POST',
        route: '/api/v1/users',
        object_type: 'user',
        object_id: (body as { id: string }).id,
        user_id: (body as { id: string }).id,
        address: '127.0.0.1',
        request_id: requestId,
        detail: null,
      },
    ]);
  });

  it.each([
    [
      'a body that is not valid',
      400,
      'api-key',
      (id: string) => api.client.with(asked(id)).post('/api/v1/users', { email: 'x' }),
    ],
    [
      'a user that is not there',
      404,
      'developer',
      (id: string) => api.developer.with(asked(id)).delete(`/api/v1/users/${randomUUID()}`),
    ],
    ['no credentials', 401, 'anonymous', (id: string) => api.anonymous.with(asked(id)).post('/api/v1/users', {})],
    [
      'a key that may not do this',
      403,
      'api-key',
      (id: string) =>
        api.client.with({ ...asked(id), 'X-Open-Wearables-API-Key': readOnlyKey }).post('/api/v1/users', {}),
    ],
    [
      'a wrong key',
      401,
      'anonymous',
      (id: string) => api.anonymous.with({ ...asked(id), 'X-API-Key': 'sk-wrong' }).post('/api/v1/users', {}),
    ],
  ])('tells what was refused for %s', async (_why, status, actorKind, send) => {
    const requestId = randomUUID();
    await send(requestId).expect(status);
    const entries = await entriesOf(requestId);
    expect(entries).toMatchObject([{ status, outcome: 'refused', actor_kind: actorKind }]);
    expect(JSON.stringify(entries)).not.toContain('sk-wrong');
  });

  it('has one entry for a change of one user, found by user and by object', async () => {
    const user = await api.given.user();
    await api.developer.patch(`/api/v1/users/${user.id.toUpperCase()}`, { first_name: 'Ann' }).expect(200);
    for (const filter of [`user_id=${user.id}`, `object_id=${user.id}`]) {
      const { body } = await api.developer
        .get(`/api/v1/audit?${filter}&actor_kind=developer&actor_id=${api.developerId}`)
        .expect(200);
      expect((body as { data: AuditEntryView[] }).data).toMatchObject([
        { action: 'update_user', user_id: user.id, object_type: 'user', object_id: user.id },
      ]);
    }
  });

  it('counts reads and uploads instead of listing them', async () => {
    const user = await api.given.user();
    for (let read = 0; read < 3; read++)
      await api.client
        .get(`/api/v1/users/${user.id}/events/workouts?start_date=2031-05-01&end_date=2031-05-02`)
        .expect(200);
    await api.client.get(`/api/v1/users/${randomUUID()}`).expect(404);
    await api.anonymous.get(`/api/v1/users/${user.id}`).expect(401);
    await api.client.post(`/api/v1/sdk/users/${user.id}/sync`, { provider: 'apple', data: {} }).expect(202);
    await api.app.get(AccessCounter, { strict: false }).flush();
    const { body } = await api.developer.get(`/api/v1/audit/data-access?user_id=${user.id}`).expect(200);
    expect(body).toEqual([
      { day: expect.any(String), actor_kind: 'api-key', actor_id: keyId, user_id: user.id, reads: 3, writes: 1 },
    ]);
    const trail = await api.developer.get(`/api/v1/audit?user_id=${user.id}`).expect(200);
    expect((trail.body as { data: unknown[] }).data).toEqual([]);
  });

  it('knows phones, what they upload and what is refused them', async () => {
    const [user, other] = [await api.given.user(), await api.given.user()];
    const owner = { kind: 'sdk', userId: user.id, appId: 'app_x', applicationId: null, developerId: null } as const;
    const { access_token } = await api.app.get(Sessions, { strict: false }).open(owner, new Date());
    const requestId = randomUUID();
    const phone = api.anonymous.with({ Authorization: `Bearer ${access_token}`, 'X-Request-Id': requestId });
    const upload = { provider: 'apple', data: {} };
    await phone.post(`/api/v1/sdk/users/${user.id}/sync`, upload).expect(202);
    await api.app.get(AccessCounter, { strict: false }).flush();
    const { body } = await api.developer.get(`/api/v1/audit/data-access?user_id=${user.id}`).expect(200);
    expect(body).toMatchObject([{ actor_kind: 'sdk', actor_id: user.id, reads: 0, writes: 1 }]);
    const { status } = await phone.post(`/api/v1/sdk/users/${other.id}/sync`, upload);
    expect(await entriesOf(requestId)).toMatchObject([
      { action: 'sync_sdk_data', outcome: 'refused', status, actor_kind: 'sdk', actor_id: user.id, user_id: other.id },
    ]);
  });

  it('is paged', async () => {
    const first = await api.developer.get('/api/v1/audit?limit=1').expect(200);
    const { data, pagination } = first.body as { data: AuditEntryView[]; pagination: { next_cursor: string } };
    const next = await api.developer.get(`/api/v1/audit?limit=1&cursor=${pagination.next_cursor}`).expect(200);
    const [older] = (next.body as { data: AuditEntryView[] }).data;
    expect(Number(older!.id)).toBeLessThan(Number(data[0]!.id));
    await api.developer.get('/api/v1/audit?cursor=nonsense').expect(400);
    await api.developer.get('/api/v1/audit?start_time=nonsense').expect(400);
  });

  it('keeps only so much of what strangers try', async () => {
    const before = await count();
    for (let request = 0; request < 40; request++) await api.anonymous.post('/api/v1/users', {}).expect(401);
    const requestId = randomUUID();
    await api.client.with({ 'X-Request-Id': requestId }).post('/api/v1/users', {}).expect(201);
    await entriesOf(requestId);
    expect((await count()) - before).toBeLessThanOrEqual(30 + 1);
  });

  const count = async (): Promise<number> =>
    (await api.database.db.query<{ count: number }>('SELECT count(*) FROM audit_entry'))[0]!.count;
});

const asked = (requestId: string): Record<string, string> => ({ 'X-Request-Id': requestId });
