import { afterEach, expect, it, jest } from '@jest/globals';
import { logger } from '#libs/observability';
import type { Registration } from '#libs/providers/kit';
import { Subscriptions } from './subscriptions.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What a registration at a vendor that tells its secret once leads to. */
async function register(registration: Registration, webhookSecret: string | null = null) {
  const warn = jest.spyOn(logger(), 'warn').mockImplementation(() => undefined);
  warn.mockClear();
  const list = jest.fn(() => Promise.resolve([]));
  const saved = jest.fn((..._: unknown[]) => Promise.resolve());
  const app = {
    code: 'polar',
    clientId: 'id',
    clientSecret: 'secret',
    strategy: { capabilities: { webhookSecretFromRegistration: true } },
    cloud: { subscriptions: { register: () => Promise.resolve(registration), list } },
  };
  const subscriptions = new Subscriptions(
    {} as never,
    { find: () => app } as never,
    { forApplication: () => Promise.resolve({ environment: { webhookSecret } }) } as never,
    { saveWebhookSecret: saved } as never,
    { replace: () => Promise.resolve() } as never,
  );
  const { shown } = await subscriptions.register('polar', 'https://we.example');
  const warnings = warn.mock.calls.map(([, message]) => message as unknown);
  return { shown, listings: list.mock.calls.length, saved: saved.mock.calls, warnings };
}

const skipped = { results: [{ status: 'skipped' }], shown: { status: 'skipped' } };

it('keeps the secret of a new subscription, and looks at what there is then', async () => {
  const created = { results: [{ status: 'created' }], secret: 'shh' };
  expect(await register(created)).toEqual({
    shown: [{ status: 'created' }],
    listings: 1,
    saved: [['polar', 'shh']],
    warnings: [],
  });
});

it('says so when nobody knows the secret of the subscription that is there', async () => {
  expect(await register(skipped)).toMatchObject({ saved: [], warnings: ['webhook_secret_missing'] });
  expect(await register(skipped, 'known')).toMatchObject({ saved: [], warnings: [] });
});

it('asks no further where nothing went right', async () => {
  const failed = { results: [{ status: 'error', error: 'Polar answered 500 to the listing' }] };
  expect(await register(failed, 'known')).toMatchObject({ shown: failed.results, listings: 0 });
});
