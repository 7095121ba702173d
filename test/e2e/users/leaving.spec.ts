import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { USER_TABLES } from '#libs/accounts';
import { openTestApi, type TestApi } from '../../support/api.js';
import { tracesOf } from '../../support/traces.js';

const UPLOAD = {
  provider: 'apple',
  sdkVersion: '1.0.0',
  syncTimestamp: '2026-05-03T00:00:00Z',
  data: {
    records: [
      {
        id: 'hr-1',
        type: 'HKQuantityTypeIdentifierHeartRate',
        startDate: '2026-05-02T06:07:08Z',
        endDate: '2026-05-02T06:07:08Z',
        value: 61,
        unit: 'count/min',
        source: { deviceModel: 'Watch7,1', deviceType: 'watch' },
      },
    ],
  },
};

describe('a user who leaves', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi({ worker: true, config: { outgoingWebhooksEnabled: true } });
  });
  afterAll(() => api.close());

  it('takes their data along, is gone at once and erased soon after', async () => {
    const mark = `leaving-${randomUUID()}`;
    const user = await api.given.user({ externalUserId: mark });
    await api.client.post('/api/v1/webhooks/endpoints', { url: 'https://nowhere.example/x' }).expect(201);
    const { body: tokens } = await api.developer.post(`/api/v1/users/${user.id}/token`).expect(200);
    const phone = api.anonymous.with({ Authorization: `Bearer ${(tokens as { access_token: string }).access_token}` });
    await phone.post(`/api/v1/sdk/users/${user.id}/sync`, UPLOAD).expect(202);
    await phone
      .post(`/api/v1/sdk/users/${user.id}/logs`, {
        sdkVersion: mark,
        events: [{ eventType: 'device_state', timestamp: '2026-05-02T12:00:00Z' }],
      })
      .expect(202);
    await api.client.post(`/api/v1/users/${user.id}/import/apple/xml/s3`, { filename: mark }).expect(200);
    await api.drain();
    expect(await api.database.db.query('SELECT FROM point WHERE user_key = $1', [user.key])).toHaveLength(1);

    const zip = await api.developer.get(`/api/v1/users/${user.id}/export`).responseType('blob').expect(200);
    expect(zip.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="user-${user.id}.zip"`,
    });
    expect((zip.body as Buffer).subarray(0, 2).toString()).toBe('PK');

    await api.developer.delete(`/api/v1/users/${user.id}`).expect(200);
    await api.client.get(`/api/v1/users/${user.id}`).expect(404);
    const range = 'start_time=2026-05-02&end_time=2026-05-03&types=heart_rate';
    const { body } = await api.client.get(`/api/v1/users/${user.id}/timeseries?${range}`).expect(200);
    expect(body).toMatchObject({ data: [], pagination: { total_count: 0 } });
    const again = await api.client.post('/api/v1/users', { external_user_id: mark }).expect(201);
    const other = (again.body as { id: string }).id;
    expect(other).not.toBe(user.id);
    await api.developer.patch(`/api/v1/users/${other}`, { external_user_id: null }).expect(200);

    const report = await erased(user.id);
    expect(report).toMatchObject({
      user_id: user.id,
      state: 'done',
      deleted: { point: 1, stream: 1, inbox: 1, sdk_log_event: 1, file_import: 1, token_family: 1, users: 1 },
    });
    const kept = USER_TABLES.filter(({ erase }) => erase === 'kept').map(({ table }) => `public.${table}: id`);
    const traces = await tracesOf(api.database.db, { id: user.id, mark });
    expect(traces).toContain('public.audit_entry: id');
    expect(traces.filter((trace) => !kept.includes(trace))).toEqual([]);
    expect(await api.database.db.query('SELECT FROM point WHERE user_key = $1', [user.key])).toEqual([]);
  });

  it('is unknown to export and report when there never was one', async () => {
    const id = randomUUID();
    await api.developer.get(`/api/v1/users/${id}/export`).expect(404);
    await api.developer.get(`/api/v1/users/${id}/erasure`).expect(404, {
      detail: `No erasure of user ${id} found.`,
    });
    await api.client.get(`/api/v1/users/${id}/export`).expect(401);
    await api.anonymous.get(`/api/v1/users/${id}/erasure`).expect(401);
  });

  /** The report once it says that the erasure is done. */
  async function erased(userId: string): Promise<object> {
    for (let tries = 0; tries < 500; tries++) {
      const { body } = await api.developer.get(`/api/v1/users/${userId}/erasure`).expect(200);
      if ((body as { state: string }).state === 'done') return body as object;
      await pause(20);
    }
    throw new Error('The user is not erased after ten seconds');
  }
});
