import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';

jest.setTimeout(60_000);

let api: TestApi;
let user: GivenUser;

beforeAll(async () => {
  api = await openTestApi();
  user = await api.given.user();
});
afterAll(() => api.close());

const send = (body: object, id = user.id) => api.client.post(`/api/v1/sdk/users/${id}/logs`, body);
const stored = async () => {
  const rows = await api.database.db.query<{ provider: string; sdk_version: string; event: Record<string, unknown> }>(
    'DELETE FROM sdk_log_event WHERE user_id = $1 RETURNING provider, sdk_version, event',
    [user.id],
  );
  return rows;
};

const timestamp = '2025-03-04T05:06:07Z';
const start = {
  eventType: 'historical_data_sync_start',
  timestamp,
  dataTypeCounts: [{ type: 'HKQuantityTypeIdentifierStepCount', count: 12 }],
  timeRange: { startDate: '2025-01-01T00:00:00Z', endDate: timestamp },
};
const end = { eventType: 'historical_data_type_sync_end', timestamp, dataType: 'steps', success: true, recordCount: 3 };
const state = { eventType: 'device_state', timestamp, batteryLevel: 0.5, isLowPowerMode: false, totalRamBytes: 8e9 };

describe('POST /sdk/users/{user_id}/logs', () => {
  it('keeps events of every type as they were sent', async () => {
    const response = await send({ sdkVersion: '0.9', provider: 'Apple', events: [start, end, state] });
    expect(response).toMatchObject({
      status: 202,
      body: {
        status_code: 202,
        response: 'Log events stored successfully',
        user_id: user.id,
        dropped_count: 0,
        records_saved: 0,
        workouts_saved: 0,
        sleep_saved: 0,
      },
    });
    expect(await stored()).toEqual(
      [start, end, state].map((event) => ({ provider: 'apple', sdk_version: '0.9', event })),
    );
  });

  it('takes an unknown battery level as unknown', async () => {
    await send({ sdkVersion: '1', events: [{ ...state, batteryLevel: -1 }] });
    expect(await stored()).toMatchObject([{ provider: 'unknown', event: { batteryLevel: null } }]);
  });

  it.each([
    { ...state, batteryLevel: 2 },
    { ...state, timestamp: 'now' },
    { ...end, success: 'perhaps' },
    { ...end, dataType: undefined },
    { ...start, dataTypeCounts: [{ type: 'x', count: -1 }] },
  ])('drops an event that does not fit and keeps the others: %j', async (misfit) => {
    const response = await send({ sdkVersion: '1', events: [misfit, end] });
    expect(response.status).toBe(202);
    expect((await stored()).map(({ event }) => event)).toEqual([end]);
  });

  it.each([
    [{ events: [state] }, 'Field required'],
    [{ sdkVersion: 9, events: [state] }, 'Input should be a valid string'],
    [{ sdkVersion: '1' }, 'Field required'],
    [{ sdkVersion: '1', events: [] }, 'List should have at least 1 item after validation, not 0'],
    [
      { sdkVersion: '1', events: Array.from({ length: 101 }, () => state) },
      'List should have at most 100 items after validation, not 101',
    ],
    [
      { sdkVersion: '1', events: [state, { eventType: 'reboot', timestamp }] },
      "Input tag 'reboot' found using 'eventType' does not match any of the expected tags: " +
        "'historical_data_sync_start', 'historical_data_type_sync_end', 'device_state'",
    ],
    [{ sdkVersion: '1', events: [{ timestamp }] }, "Unable to extract tag using discriminator 'eventType'"],
    [{ sdkVersion: '1', events: [7] }, 'Input should be a valid dictionary or object to extract fields from'],
  ])('refuses %j', async (body, detail) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { detail } });
    expect(await stored()).toEqual([]);
  });

  it.each(['7b0f7f0e-5f5b-4c0e-9a55-3f1d2b9a6c11', 'nobody'])('knows no user %s', async (id) => {
    expect(await send({ sdkVersion: '1', events: [state] }, id)).toMatchObject({
      status: 404,
      body: { detail: 'User not found' },
    });
  });

  it('asks for credentials', async () => {
    const response = await api.anonymous.post(`/api/v1/sdk/users/${user.id}/logs`, {
      sdkVersion: '1',
      events: [state],
    });
    expect(response.status).toBe(401);
  });
});

describe('GET /tasks/{task_id}', () => {
  it('tells the state of a task that waits', async () => {
    const upload = { provider: 'samsung', sdkVersion: '1', syncTimestamp: timestamp };
    const accepted = await api.client.post(`/api/v1/sdk/users/${user.id}/sync`, upload);
    const { task_id: id, batch_id: batchId } = accepted.body as { task_id: string; batch_id: string };
    expect(await api.client.get(`/api/v1/tasks/${id}`)).toMatchObject({
      status: 200,
      body: { task_id: id, state: 'queued', progress: 0, result: null, error: null, run_id: batchId },
    });
  });

  it.each(['7b0f7f0e-5f5b-4c0e-9a55-3f1d2b9a6c11', 'x', '1'])('knows no task %s', async (id) => {
    expect(await api.client.get(`/api/v1/tasks/${id}`)).toMatchObject({
      status: 404,
      body: { detail: 'Task not found' },
    });
  });

  it('asks for credentials', async () => {
    expect((await api.anonymous.get('/api/v1/tasks/x')).status).toBe(401);
  });
});
