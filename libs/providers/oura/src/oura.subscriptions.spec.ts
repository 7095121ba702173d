import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#libs/model';
import { VendorError, type ApplicationSession, type VendorRequest } from '#libs/providers/kit';
import { ouraSubscriptions } from './oura.subscriptions.js';

type Answer = { status: number; json: JsonValue };
const URL_OF_OURS = 'https://api.example.com/api/v1/providers/oura/webhooks';

function sessionOf(answer: (request: VendorRequest) => Answer): {
  session: ApplicationSession;
  asked: VendorRequest[];
} {
  const asked: VendorRequest[] = [];
  const session: ApplicationSession = {
    environment: {
      clientId: 'id',
      clientSecret: 'secret',
      webhookSecret: null,
      subscriptionIds: [],
      granularity: 'raw',
      setting: () => 'verify-me',
    },
    call: (request) => {
      asked.push(request);
      return Promise.resolve(request).then(answer);
    },
  };
  return { session, asked };
}

const stored = (id: string, data_type: string, event_type: string, callback_url = URL_OF_OURS) => ({
  id,
  data_type,
  event_type,
  callback_url,
  expiration_time: '2026-06-01T00:00:00Z',
});

describe('registration', () => {
  it('keeps, moves and makes subscriptions for all types and events', async () => {
    const known = [
      stored('a', 'workout', 'create'),
      stored('b', 'vO2_max', 'update', 'https://old.example'),
      { id: 7 },
    ];
    const { session, asked } = sessionOf(({ method, json }) => {
      if (method === undefined) return { status: 200, json: known };
      if (json?.['event_type'] === 'delete' && json['data_type'] === 'sleep') return { status: 409, json: null };
      return json?.['data_type'] === 'daily_spo2' ? { status: 500, json: 'x' } : { status: 201, json: { id: 'new' } };
    });
    const { results } = await ouraSubscriptions.register(session, URL_OF_OURS);
    expect(results).toHaveLength(24);
    const of = (data_type: string, event_type: string) =>
      results.find((one) => one['data_type'] === data_type && one['event_type'] === event_type)?.status;
    expect(of('workout', 'create')).toBe('skipped');
    expect(of('vo2_max', 'update')).toBe('updated');
    expect(of('sleep', 'delete')).toBe('skipped');
    expect(of('sleep', 'create')).toBe('created');
    expect(results.filter(({ status }) => status === 'error')).toHaveLength(3);
    expect(asked.find(({ method }) => method === 'PUT')).toMatchObject({ path: '/v2/webhook/subscription/b' });
    expect(
      asked.every(({ headers }) => headers?.['x-client-id'] === 'id' && headers['x-client-secret'] === 'secret'),
    ).toBe(true);
    expect(asked.at(-1)?.json).toEqual({
      callback_url: URL_OF_OURS,
      verification_token: 'verify-me',
      event_type: 'delete',
      data_type: 'vo2_max',
    });
  });

  it('stops when the vendor does not say what there is', async () => {
    const { session } = sessionOf(() => ({ status: 503, json: null }));
    const { results } = await ouraSubscriptions.register(session, URL_OF_OURS);
    expect(results).toEqual([{ status: 'error', error: 'Oura answered 503 to the listing' }]);
  });

  it('goes on after a step that brought no answer', async () => {
    const { session } = sessionOf(({ method, json }) => {
      if (method === undefined) return { status: 200, json: [] };
      if (json?.['data_type'] === 'workout') throw new VendorError('unreachable', 'no answer');
      return { status: 201, json: {} };
    });
    const { results } = await ouraSubscriptions.register(session, URL_OF_OURS);
    expect(results.map(({ status }) => status)).toEqual([...Array(3).fill('error'), ...Array(21).fill('created')]);
  });
});

describe('management', () => {
  it('renews each, and finds, moves and removes one', async () => {
    const known = [stored('a', 'workout', 'create'), stored('b', 'sleep', 'update')];
    const { session, asked } = sessionOf(({ method, path }) => {
      if (path.endsWith('/renew/b')) return { status: 404, json: null };
      if (method !== undefined) return { status: 200, json: { ok: true } };
      if (path.endsWith('/a')) return { status: 200, json: known[0]! };
      return path.endsWith('/gone') ? { status: 404, json: null } : { status: 200, json: known };
    });
    expect((await ouraSubscriptions.renew!(session)).map(({ id, status }) => [id, status])).toEqual([
      ['a', 'renewed'],
      ['b', 'error'],
    ]);
    expect(await ouraSubscriptions.find!(session, 'gone')).toBeNull();
    expect(await ouraSubscriptions.find!(session, 'a')).toMatchObject({ id: 'a', expiresAt: '2026-06-01T00:00:00Z' });
    const listed = await ouraSubscriptions.list(
      sessionOf(() => ({ status: 200, json: [{ ...known[0], expiration_time: 'some day' }] })).session,
    );
    expect(listed).toEqual([
      expect.objectContaining({ expiresAt: null, shown: expect.objectContaining({ expiration_time: 'some day' }) }),
    ]);
    expect(await ouraSubscriptions.update!(session, 'gone', URL_OF_OURS)).toMatchObject({ status: 'error' });
    expect(await ouraSubscriptions.update!(session, 'a', 'https://new.example')).toMatchObject({ status: 'updated' });
    expect(asked.at(-1)?.json).toMatchObject({ callback_url: 'https://new.example', data_type: 'workout' });
    expect(await ouraSubscriptions.remove(session, 'a')).toEqual({ subscription_id: 'a', status: 'deleted' });
  });
});
