import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#libs/model';
import type { ApplicationSession, VendorRequest } from '#libs/providers/kit';
import { polarSubscriptions } from './polar.subscriptions.js';

type Answer = { status: number; json: JsonValue };
const URL_OF_OURS = 'https://api.example.com/api/v1/providers/polar/webhooks';

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
      setting: () => null,
    },
    call: (request) => {
      asked.push(request);
      return Promise.resolve(answer(request));
    },
  };
  return { session, asked };
}

const listing = (...data: JsonValue[]): Answer => ({ status: 200, json: { data } });
const register = async (answer: (request: VendorRequest) => Answer) => {
  const { session, asked } = sessionOf(answer);
  return { ...(await polarSubscriptions.register(session, URL_OF_OURS)), asked };
};

describe('registration', () => {
  it('keeps the secret out of what is shown', async () => {
    const created = { id: 'w', events: ['SLEEP'], url: URL_OF_OURS, signature_secret_key: 'shh' };
    const { secret, results, shown, asked } = await register(({ method }) =>
      method === 'POST' ? { status: 201, json: { data: created } } : listing(),
    );
    expect(secret).toBe('shh');
    expect(results).toEqual([{ status: 'created', response: { id: 'w', events: ['SLEEP'], url: URL_OF_OURS } }]);
    expect(shown).toEqual(results[0]);
    expect(asked[1]).toMatchObject({
      path: '/v3/webhooks',
      headers: { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` },
      json: { url: URL_OF_OURS, events: expect.arrayContaining(['EXERCISE', 'SLEEP', 'ACTIVITY_SUMMARY']) },
    });
  });

  it.each<[string, Answer, Answer, Record<string, JsonValue>]>([
    [
      'the same address',
      listing({ id: 'w', url: URL_OF_OURS }),
      listing(),
      { subscription_id: 'w', status: 'skipped' },
    ],
    [
      'another address',
      listing({ id: 'w', url: 'https://old.example' }),
      { status: 200, json: {} },
      { subscription_id: 'w', status: 'patched' },
    ],
    [
      'an address that cannot be changed',
      listing({ id: 'w', url: 'https://old.example' }),
      { status: 400, json: {} },
      { subscription_id: 'w', status: 'error', error: 'Polar answered 400' },
    ],
    ['one that is not listed', listing(), { status: 409, json: {} }, { status: 'skipped', reason: 'already_exists' }],
    [
      'an answer without a secret',
      listing(),
      { status: 201, json: { data: { id: 'w' } } },
      { status: 'error', error: 'Polar sent no signature_secret_key' },
    ],
  ])('meets %s', async (_, listed, other, result) => {
    const { results, secret } = await register(({ method }) => (method === undefined ? listed : other));
    expect(results).toEqual([result]);
    expect(secret).toBeUndefined();
  });

  it('stops when the vendor does not say what there is', async () => {
    const { results, shown, asked } = await register(() => ({ status: 500, json: null }));
    expect(results).toEqual([{ status: 'error', error: 'Polar answered 500 to the listing' }]);
    expect([shown, asked.length]).toEqual([results[0], 1]);
    expect(
      (await register(({ method }) => ({ status: method ? 201 : 404, json: { signature_secret_key: 's' } }))).secret,
    ).toBe('s');
  });
});

it('removes', async () => {
  const { session } = sessionOf(({ path }) => ({ status: path.endsWith('/w') ? 204 : 404, json: null }));
  expect(await polarSubscriptions.remove(session, 'w')).toEqual({ subscription_id: 'w', status: 'deleted' });
  expect(await polarSubscriptions.remove(session, 'x')).toMatchObject({ status: 'error' });
});
