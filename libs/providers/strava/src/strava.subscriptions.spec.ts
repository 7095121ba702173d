import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '#libs/model';
import type { ApplicationSession, VendorRequest } from '#libs/providers/kit';
import { stravaSubscriptions } from './strava.subscriptions.js';

type Answer = { status: number; json: JsonValue };
const URL_OF_OURS = 'https://api.example.com/api/v1/providers/strava/webhooks';

const register = async (listed: readonly JsonObject[] | Answer, other: (request: VendorRequest) => Answer) => {
  const asked: VendorRequest[] = [];
  const session: ApplicationSession = {
    environment: {
      clientId: 'id',
      clientSecret: 'secret',
      webhookSecret: null,
      subscriptionIds: [],
      granularity: 'raw',
      setting: (name) => (name === 'STRAVA_WEBHOOK_VERIFY_TOKEN' ? 'verify-me' : null),
    },
    call: (request) => {
      asked.push(request);
      return Promise.resolve(
        request.method ? other(request) : 'status' in listed ? listed : { status: 200, json: listed },
      );
    },
  };
  return { ...(await stravaSubscriptions.register(session, URL_OF_OURS)), asked };
};

const ok = (): Answer => ({ status: 201, json: { id: 3 } });
const other = { id: 271828, callback_url: 'https://old.example', application_id: 1 };

describe('registration', () => {
  it('keeps a subscription to the same address', async () => {
    const { results } = await register([other, { id: 2, callback_url: URL_OF_OURS }], ok);
    expect(results).toEqual([{ subscription_id: 2, status: 'skipped' }]);
  });

  it('replaces one to another address', async () => {
    const { results, asked } = await register([other], ok);
    expect(results).toEqual([{ status: 'created', response: { id: 3 } }]);
    expect(asked.map(({ method = 'GET', path }) => `${method} ${path}`)).toEqual([
      'GET /api/v3/push_subscriptions',
      'DELETE /api/v3/push_subscriptions/271828',
      'POST /api/v3/push_subscriptions',
    ]);
    expect(asked[1]?.query).toEqual({ client_id: 'id', client_secret: 'secret' });
    expect(asked[2]?.form).toEqual({
      client_id: 'id',
      client_secret: 'secret',
      callback_url: URL_OF_OURS,
      verify_token: 'verify-me',
    });
  });

  it('asks for nothing while the vendor does not say what there is', async () => {
    const { results, asked } = await register({ status: 503, json: null }, ok);
    expect(results).toEqual([{ status: 'error', error: 'Strava answered 503 to the listing' }]);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, readonly JsonObject[], number, JsonObject]>([
    [
      'that cannot be deleted',
      [other],
      500,
      { subscription_id: '271828', status: 'error', error: 'Strava answered 500' },
    ],
    ['that is there already', [], 409, { status: 'skipped', reason: 'already_exists' }],
    ['that the vendor refuses', [], 400, { status: 'error', error: 'Strava answered 400' }],
  ])('of one %s is told', async (_, listed, status, result) => {
    expect((await register(listed, () => ({ status, json: null }))).results).toEqual([result]);
  });
});
