import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

describe('openTestApi', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi({ worker: true });
  });

  afterAll(() => api.close());

  it('answers with the key and not without', async () => {
    const { id } = await api.given.user();
    await api.client.get(`/api/v1/users/${id}`).expect(200);
    await api.anonymous.get(`/api/v1/users/${id}`).expect(401);
    await api.anonymous.with({ 'X-API-Key': api.apiKey }).get(`/api/v1/users/${id}`).expect(200);
  });

  it('fails a test whose request the document does not know', async () => {
    await expect(api.client.get('/api/v1/nowhere')).rejects.toThrow('no such path');
    await api.client.unchecked().get('/api/v1/nowhere').expect(404);
  });

  it('digests what was uploaded', async () => {
    const { id } = await api.given.user();
    const record = { id: 'a', type: 'HKQuantityTypeIdentifierHeartRate', value: 61, unit: 'count/min' };
    const times = { startDate: '2024-05-02T06:00:00Z', endDate: '2024-05-02T06:00:00Z' };
    const source = { appId: 'com.apple.health', deviceModel: 'Watch6,1', deviceType: 'watch', deviceName: 'Watch' };
    const body = {
      provider: 'apple',
      sdkVersion: '1.0.0',
      syncTimestamp: '2024-05-02T07:00:00Z',
      data: { records: [{ ...record, ...times, source, recordMetadata: [] }], workouts: [], sleep: [] },
    };
    await api.client.post(`/api/v1/sdk/users/${id}/sync`, body).expect(202);
    await api.drain();
    const points = await api.database.db.query('SELECT recorded_at, value FROM point');
    expect(points).toEqual([{ recorded_at: '2024-05-02T06:00:00Z', value: 61 }]);
  });
});
