import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { ConformancePlatform, type Account, type Delivered } from './conformance-platform.js';
import { LocalVendor } from './local-vendor.js';
import { madeUpVendor } from './made-up-vendor.js';
import type { Given } from './sample-case.js';
import { storedAccount } from './stored-account.js';

const NOW = '2026-03-10T12:00:00Z';
const GIVEN: Given = {
  now: NOW,
  connection: { provider_user_id: '7', provider_username: 'kim', access_token: 'syn-token' },
  settings: {},
};

let database: TestDatabase;
let vendor: LocalVendor;
let platform: ConformancePlatform;
let account: Account;

beforeAll(async () => {
  database = await openTestDatabase();
  vendor = await LocalVendor.open();
  platform = await ConformancePlatform.open(database, vendor, { SUUNTO_SUBSCRIPTION_KEY: 'syn-key' }, [madeUpVendor]);
});
beforeEach(async () => {
  account = await platform.connect('suunto', GIVEN);
  vendor.reset(() => ({}));
});
afterAll(async () => {
  await platform.close();
  await vendor.close();
  await database.close();
});

const push = (body: unknown, client = 'suunto-client'): Promise<Delivered> =>
  platform.deliver('suunto', { body: JSON.stringify(body), headers: { 'Made-Up-Client': client } }, new Date(NOW));
const stored = () => storedAccount(database.db, account.user.key);
const pulse = { who: 'kim', kind: 'pulse', samples: [{ at: '2026-03-10T08:00:00+01:00', bpm: 61 }, { bpm: 60 }] };
const file = (url: string) => ({ who: 'kim', kind: 'file', url });
const ride = { id: 'w-1', start: '2026-03-10T06:00:00Z', end: '2026-03-10T06:30:00Z', meters: 5200 };

it('knows who logged in from the token alone, and proves the browser', async () => {
  const claims = Buffer.from(JSON.stringify({ sub: 42, user: 'lee' })).toString('base64url');
  vendor.reset(() => ({ body: { access_token: `x.${claims}.y`, expires_in: 3600, token_type: 'bearer' } }));
  const { user, authorizationUrl } = await platform.authorize('suunto');
  expect(authorizationUrl.searchParams.get('code_challenge_method')).toBe('S256');
  expect(authorizationUrl.searchParams.has('scope')).toBe(false);
  expect(vendor.hits).toEqual([
    expect.objectContaining({ path: '/oauth/token', body: expect.stringMatching(/code_verifier=/) }),
  ]);
  expect(vendor.hits[0]!.authorization).toMatch(/^Basic /);
  const rows = await database.db.query<JsonObject>(
    'SELECT provider_user_id, provider_username FROM connection WHERE user_id = $1',
    [user.id],
  );
  expect(rows).toEqual([{ provider_user_id: '42', provider_username: 'lee' }]);
});

it('stores what is pushed, once, without asking anybody, and reports what cannot be read', async () => {
  const first = await push([pulse, { ...pulse, who: 'stranger' }]);
  expect(first).toMatchObject({
    answer: { status: 200 },
    result: { results: [{ status: 'processed', points: 1 }, { status: 'user_not_found' }] },
  });
  await push([pulse, { ...pulse, who: 'stranger' }]);
  expect((await stored()).series).toMatchObject([{ type: 'heart_rate', value: 61, zone_offset: '+01:00' }]);
  expect(vendor.hits).toEqual([]);
});

it('fetches the file a delivery names from the API alone, with token and key', async () => {
  vendor.reset(({ path }) => (path === '/files/1' ? { body: JSON.stringify(ride) } : { status: 404 }));
  expect(await push(file('/files/1'))).toMatchObject({ result: { workouts: 1 } });
  expect(vendor.hits).toMatchObject([{ path: '/files/1', authorization: 'Bearer syn-token', key: 'syn-key' }]);
  expect((await stored()).events).toMatchObject([{ external_id: 'w-1', detail: { distance: 5200 } }]);
  expect(await push(file('https://elsewhere.example/files/1'))).toMatchObject({ result: null });
  expect(vendor.hits).toHaveLength(1);
});

it('follows what the user allows, and the end of it', async () => {
  const connection = async (): Promise<JsonObject | undefined> =>
    (
      await database.db.query<JsonObject>('SELECT scope, status FROM connection WHERE id = $1', [account.connectionId])
    )[0];
  await push({ who: 'kim', kind: 'permissions', granted: ['SLEEP', 'PULSE'] });
  expect(await connection()).toEqual({ scope: 'PULSE SLEEP', status: 'active' });
  await push({ who: 'kim', kind: 'gone' });
  expect(await connection()).toMatchObject({ status: 'revoked' });
  expect(await push(pulse)).toMatchObject({ result: { status: 'user_not_found' } });
});

it('believes nobody who does not say who it is', async () => {
  expect(await push(pulse, 'somebody')).toMatchObject({ answer: { status: 401 }, result: null });
  expect((await push({ who: 'kim', kind: 'nonsense' })).result).toMatchObject({ status: 'error' });
  expect((await stored()).series).toEqual([]);
});
