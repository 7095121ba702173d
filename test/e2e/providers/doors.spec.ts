import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GivenUser } from '../../support/given.js';
import { openCloudApi, type CloudApi } from './cloud.js';

/** Who comes to the doors that are open to vendors and browsers, and is turned away. */
describe('at the doors', () => {
  let api: CloudApi;
  let user: GivenUser;

  beforeAll(async () => {
    api = await openCloudApi({ oauthRedirectAllowlist: ['https://app.example.com', 'myapp:'] }, { without: 'polar' });
    user = await api.given.user();
  });

  afterAll(() => api.close());

  describe('of a login', () => {
    const authorize = (query: string, provider = 'whoop') =>
      api.anonymous.get(`/api/v1/oauth/${provider}/authorize?${query}`);
    const begin = async (provider = 'whoop', query = ''): Promise<string> => {
      const { body } = await authorize(`user_id=${user.id}${query}`, provider).expect(200);
      return (body as { state: string }).state;
    };
    const callback = async (query: string, provider = 'whoop'): Promise<string> =>
      (await api.anonymous.get(`/api/v1/oauth/${provider}/callback?${query}`).expect(303)).headers['location'] ?? '';
    const failure = (text: string): string => `/api/v1/oauth/error?message=${encodeURIComponent(text)}`;

    it('sends the user to the vendor with everything encoded', async () => {
      const { body } = await authorize(`user_id=${user.id}`, 'oura').expect(200);
      const { authorization_url: address, state } = body as { authorization_url: string; state: string };
      expect(state).toMatch(/^[\w-]{43}$/);
      expect(address).toContain('&scope=personal%20daily%20');
      const back = new URL(new URL(address).searchParams.get('redirect_uri') ?? '');
      expect(back.pathname).toBe('/api/v1/oauth/oura/callback');
    });

    it.each([
      ['user_id=no-uuid', 400, 'Input should be a valid UUID'],
      ['', 400, 'Field required'],
      [`user_id=${randomUUID()}`, 404, 'User not found'],
    ])('refuses %s', async (query, status, detail) => {
      const { body } = await authorize(query).expect(status);
      expect((body as { detail: string }).detail).toContain(detail);
    });

    it.each(['javascript:alert(1)', 'https://evil.example', 'data:text/html,x', 'not an address', 'file:///etc'])(
      'sends nobody to %s',
      async (target) => {
        const query = `user_id=${user.id}&redirect_uri=${encodeURIComponent(target)}`;
        const { body } = await authorize(query).expect(400);
        expect(body).toEqual({ detail: 'Invalid redirect_uri' });
      },
    );

    it('knows which providers have a login', async () => {
      expect((await authorize(`user_id=${user.id}`, 'apple').expect(400)).body).toEqual({
        detail: `Provider 'apple' does not support OAuth`,
      });
      expect((await authorize(`user_id=${user.id}`, 'internal').expect(400)).body).toEqual({
        detail: 'Unknown provider: internal',
      });
      await authorize(`user_id=${user.id}`, 'nobody').expect(400);
    });

    it('names what an operator forgot', async () => {
      const detail = `Provider 'polar' is not configured: set POLAR_CLIENT_ID and POLAR_CLIENT_SECRET`;
      expect((await authorize(`user_id=${user.id}`, 'polar').expect(503)).body).toEqual({ detail });
      const delivery = await api.anonymous.post('/api/v1/providers/polar/webhooks', '{}').expect(503);
      expect(delivery.body).toEqual({ detail });
      const list = await api.developer.get('/api/v1/providers/polar/webhooks/subscriptions').expect(503);
      expect(list.body).toEqual({ detail });
    });

    it('is told when a provider is switched off, and lets others come', async () => {
      await api.developer.put('/api/v1/oauth/providers', { providers: { whoop: false } }).expect(200);
      const { body } = await authorize(`user_id=${user.id}`).expect(400);
      expect(body).toEqual({ detail: `Provider 'whoop' is disabled` });
      const listed = await api.anonymous.get('/api/v1/oauth/providers?enabled_only=true&cloud_only=true').expect(200);
      expect((listed.body as { provider: string }[]).map(({ provider }) => provider)).not.toContain('whoop');
      await api.developer.put('/api/v1/oauth/providers/whoop', { is_enabled: true }).expect(200);
      await authorize(`user_id=${user.id}`).expect(200);
    });

    it('takes a state once, for its provider only, and tells the browser why not', async () => {
      expect(await callback('')).toBe(failure('Missing OAuth parameters'));
      expect(await callback('code=x&state=unknown')).toBe(failure('Invalid or expired state parameter'));
      const state = await begin();
      expect(await callback(`code=x&state=${state}`, 'oura')).toBe(failure('Provider mismatch in state'));
      expect(await callback(`code=x&state=${state}`)).toBe(failure('Invalid or expired state parameter'));
      const old = await begin();
      await api.database.db.query(`UPDATE oauth_state SET expires_at = now() - interval '1 second'`);
      expect(await callback(`code=x&state=${old}`)).toBe(failure('Invalid or expired state parameter'));
    });

    it('sends back to the app what went wrong, in words of its own', async () => {
      const back = `&redirect_uri=${encodeURIComponent('myapp://done?x=1')}`;
      const denied = await callback(
        `error=access_denied&error_description=No%26no&state=${await begin('whoop', back)}`,
      );
      expect(denied).toBe('myapp://done?x=1&error=access_denied&error_description=No%26no');
      const wrong = await callback(`code=never-issued&state=${await begin('whoop', back)}`);
      expect(new URL(wrong).searchParams.get('error')).toBe('token_exchange_failed');
      expect(await callback('error=denied&error_description=a%26b=c')).toBe(failure('denied: a&b=c'));
    });
  });

  describe('of webhooks', () => {
    const body = (id: string = randomUUID()): string => JSON.stringify({ user_id: 1, id, type: 'sleep.updated' });
    const deliver = (text: string, headers: Record<string, string> = {}, provider = 'whoop') =>
      api.anonymous
        .unchecked()
        .with({ 'Content-Type': 'application/json', ...headers })
        .post(`/api/v1/providers/${provider}/webhooks`, text);
    const signed = (text: string, at = Date.now()): Record<string, string> => {
      const secret = api.simulator.clouds.whoop.application.clientSecret;
      const signature = createHmac('sha256', secret).update(`${at}${text}`).digest('base64');
      return { 'X-WHOOP-Signature-Timestamp': String(at), 'X-WHOOP-Signature': signature };
    };
    const stored = async (): Promise<number> =>
      (await api.database.db.query<{ count: number }>('SELECT count(*) AS count FROM vendor_inbox'))[0]!.count;
    let before: number;

    beforeEach(async () => {
      before = await stored();
    });

    it('turns away what is unsigned, forged, changed or too old, and keeps nothing of it', async () => {
      const text = body();
      const attempts: [string, Record<string, string>][] = [
        [text, {}],
        [text, { ...signed(text), 'X-WHOOP-Signature': 'AAAA' }],
        [`${text} `, signed(text)],
        [text, signed(text, Date.now() - 400_000)],
        [text, signed(text, Date.now() + 400_000)],
      ];
      for (const [bytes, headers] of attempts) {
        expect((await deliver(bytes, headers).expect(401)).body).toEqual({ detail: 'Invalid webhook signature' });
      }
      expect(await stored()).toBe(before);
    });

    it('turns away what is too large or no JSON object, signed or not', async () => {
      const huge = `{"x":"${'y'.repeat(17 * 1024 * 1024)}"}`;
      await deliver(huge, signed(huge)).expect(413);
      for (const text of ['{', '[]', '"x"', 'null']) {
        expect((await deliver(text, signed(text)).expect(400)).body).toEqual({ detail: 'Invalid JSON body' });
      }
      expect(await stored()).toBe(before);
    });

    it('says which providers deliver nothing', async () => {
      expect((await deliver('{}', {}, 'nobody').expect(404)).body).toEqual({ detail: `Unknown provider: 'nobody'` });
      expect((await deliver('{}', {}, 'apple').expect(501)).body).toEqual({
        detail: `Provider 'apple' has not implemented a webhook handler yet.`,
      });
      const challenge = await api.anonymous.get('/api/v1/providers/whoop/webhooks').expect(501);
      expect(challenge.body).toEqual({
        detail: `Provider 'whoop' does not support webhook subscription verification via GET.`,
      });
    });

    it('accepts what is signed, once as long as it waits, and nobody needs to be connected', async () => {
      const text = body();
      for (let time = 0; time < 3; time++) {
        expect((await deliver(text, signed(text)).expect(200)).body).toEqual({ status: 'accepted' });
      }
      await api.settle();
      expect(await stored()).toBeGreaterThan(before);
      const results = await api.database.db.query(`SELECT DISTINCT state, body, result FROM vendor_inbox`);
      expect(results).toEqual([
        {
          state: 'done',
          body: null,
          result: { status: 'user_not_found', whoop_user_id: 1, event_type: 'sleep.updated' },
        },
      ]);
    });
  });

  describe('of operators', () => {
    it('subscribe by choosing webhooks, see what is there, renew and end it', async () => {
      const path = '/api/v1/oauth/providers/oura';
      const answer = await api.developer.put(path, { live_sync_mode: 'webhook' }).expect(200);
      expect(answer.body).toMatchObject({ provider: 'oura', live_sync_mode: 'webhook', live_sync_configurable: true });
      const { subscriptions } = api.simulator.clouds.oura;
      await eventually(() => subscriptions.all.size >= 16);
      const base = '/api/v1/providers/oura/webhooks/subscriptions';
      const { body } = await api.developer.get(base).expect(200);
      const [first] = (body as { subscriptions: { id: string; callback_url: string }[] }).subscriptions;
      expect(first?.callback_url).toBe(`${api.config.apiBaseUrl}/api/v1/providers/oura/webhooks`);
      await api.developer.get(`${base}/${first!.id}`).expect(200);
      await api.developer.post(`${base}/renew`).expect(200);
      await api.developer.delete(`${base}/${first!.id}`).expect(200);
      expect(subscriptions.all.has(first!.id)).toBe(false);
      const known = await api.database.db.query(`SELECT FROM provider_subscription WHERE provider = 'oura'`);
      expect(known).toHaveLength(subscriptions.all.size);
    });

    it('hear what cannot be', async () => {
      const put = (provider: string, change: object) =>
        api.developer.put(`/api/v1/oauth/providers/${provider}`, change);
      expect((await put('nobody', {}).expect(400)).body).toEqual({ detail: 'Unknown provider: nobody' });
      expect((await put('apple', { live_sync_mode: 'pull' }).expect(400)).body).toEqual({
        detail: `Provider 'apple' does not support live sync mode configuration`,
      });
      expect(JSON.stringify((await put('oura', { live_sync_mode: null }).expect(400)).body)).toContain(
        'live_sync_mode cannot be set to null',
      );
      await api.developer.put('/api/v1/oauth/providers', { providers: { nobody: true, oura: false } }).expect(400);
      await api.developer.put('/api/v1/oauth/providers', { providers: { oura: 'yes' } }).expect(400);
      const list = await api.developer.get('/api/v1/providers/whoop/webhooks/subscriptions').expect(501);
      expect(list.body).toEqual({ detail: 'Provider does not support webhook subscription management' });
      await api.developer.get('/api/v1/providers/nobody/webhooks/subscriptions').expect(404);
    });

    it('ask for pulls that cannot be', async () => {
      const sync = (path: string) => api.client.post(`/api/v1/providers/${path}`);
      await sync(`whoop/users/${randomUUID()}/sync`).expect(404);
      await sync(`internal/users/${user.id}/sync`).expect(400);
      const text = `Parameters ['since', 'limit'] are not supported in async mode. Use async=false or omit provider-specific parameters.`;
      const query = `whoop/users/${user.id}/sync?since=5&limit=3`;
      expect((await sync(query).expect(400)).body).toEqual({ detail: text });
      await sync(`apple/users/${user.id}/sync?async=false`).expect(501);
      expect((await sync(`apple/users/${user.id}/sync/historical`).expect(400)).body).toEqual({
        detail: `Provider 'apple' does not support historical sync.`,
      });
      await sync(`whoop/users/${user.id}/sync/historical?days=400`).expect(400);
      await sync(`whoop/users/${user.id}/sync?summary_start_time=yesterday`).expect(400);
    });
  });
});

async function eventually(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('It does not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
