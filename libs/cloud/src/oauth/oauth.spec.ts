import { createHash } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import type { JsonValue } from '#libs/model';
import type { OutboundClient, OutboundRequest } from '#libs/outbound';
import type { OAuthCall, OAuthFacts } from '#libs/providers/kit';
import { requireCredentials, type CloudApp } from '../app/cloud-app.js';
import { derivedSecret } from '../app/derived-secret.js';
import type { RequestBudgets } from '../budget/request-budget.js';
import { TokenEndpoint } from '../tokens/token-endpoint.js';
import { AccountLookups } from './account-lookup.js';
import { authorizationUrl, newCodeVerifier, newState } from './authorization-url.js';
import { OAuthCalls } from './oauth-calls.js';
import { OAuthGrants } from './oauth-grants.js';
import { checkRedirect, withParameters } from './redirect-policy.js';

const app = (oauth: Partial<OAuthFacts> = {}, rest: Partial<CloudApp> = {}): CloudApp =>
  ({
    code: 'fitbit',
    apiBaseUrl: 'https://api.example.com/v1',
    authorizeUrl: 'https://auth.example.com/authorize',
    tokenUrl: 'https://auth.example.com/oauth/token',
    redirectUri: 'https://we.example/api/v1/oauth/fitbit/callback',
    scope: 'a b:c,d',
    clientId: 'id&1',
    clientSecret: 'geheim',
    cloud: { oauth },
    ...rest,
  }) as CloudApp;

describe('the authorization address', () => {
  it('encodes every value', () => {
    expect(authorizationUrl(app(), 'id&1', { state: 's', codeVerifier: null })).toBe(
      'https://auth.example.com/authorize?response_type=code&client_id=id%261' +
        '&redirect_uri=https%3A%2F%2Fwe.example%2Fapi%2Fv1%2Foauth%2Ffitbit%2Fcallback&state=s&scope=a%20b%3Ac%2Cd',
    );
  });

  it('carries a challenge that fits the verifier, and what the vendor wants beside', () => {
    const [codeVerifier, state] = [newCodeVerifier(), newState()];
    expect([codeVerifier.length, state.length]).toEqual([58, 43]);
    const facts = { encoding: 'form', authorizeParameters: { prompt: 'consent' } } as const;
    const address = new URL(authorizationUrl(app(facts), 'id', { state, codeVerifier }));
    const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      code_challenge: challenge,
      code_challenge_method: 'S256',
      scope: 'a b:c,d',
      prompt: 'consent',
    });
    expect(address.search).toContain('scope=a+b');
    expect(authorizationUrl(app({}, { scope: '' }), 'id', { state, codeVerifier: null })).not.toContain('scope');
  });
});

describe('redirects', () => {
  it.each(['https://app.example/back?x=1', 'myapp://done', 'http://localhost:3000/'])('may go to %s', (address) =>
    expect(() => checkRedirect(address, [])).not.toThrow(),
  );

  it.each([
    'javascript:alert(1)',
    'JavaScript:x',
    'data:,x',
    'vbscript:x',
    'blob:x',
    'file:///x',
    '/relative',
    'https://a b/',
  ])('never to %s', (address) => expect(() => checkRedirect(address, [])).toThrow('Invalid redirect_uri'));

  it('keep to the list where there is one', () => {
    const list = ['https://app.example', 'myapp:'];
    for (const good of ['https://app.example/any', 'myapp://x']) expect(() => checkRedirect(good, list)).not.toThrow();
    for (const bad of ['https://app.example.evil/', 'http://app.example/', 'other://x']) {
      expect(() => checkRedirect(bad, list)).toThrow('Invalid redirect_uri');
    }
  });

  it('get parameters added in the right place', () => {
    expect(withParameters('myapp://x', { error: 'a&b' })).toBe('myapp://x?error=a%26b');
    expect(withParameters('https://x/?y=1#z', { e: '1' })).toBe('https://x/?y=1&e=1#z');
  });
});

describe('calls of the login', () => {
  const facts = { accessToken: 'tok', providerUserId: '7', userId: 'u-1' };
  /** What is sent, and an answer for each path. */
  const calling = (answers: Readonly<Record<string, unknown>> = {}) => {
    const sent: OutboundRequest[] = [];
    const request = (one: OutboundRequest) => {
      sent.push(one);
      const body = answers[new URL(one.url).pathname];
      return Promise.resolve({
        status: body === undefined ? 500 : 200,
        headers: {},
        body: Buffer.from(JSON.stringify(body ?? {})),
      });
    };
    return {
      sent,
      calls: new OAuthCalls({ request } as unknown as OutboundClient, { take: jest.fn() } as unknown as RequestBudgets),
    };
  };

  it.each<[OAuthCall, Partial<OutboundRequest>]>([
    [
      { method: 'DELETE', path: '/users/{provider_user_id}', auth: 'bearer' },
      {
        method: 'DELETE',
        url: 'https://api.example.com/v1/users/7',
        headers: { accept: 'application/json', authorization: 'Bearer tok' },
      },
    ],
    [
      {
        method: 'POST',
        path: './revoke',
        from: 'token',
        auth: 'none',
        form: { token: '{access_token}', client_secret: '{client_secret}' },
      },
      { url: 'https://auth.example.com/oauth/revoke', body: 'token=tok&client_secret=geheim' },
    ],
    [
      { method: 'POST', path: '/users', auth: 'bearer', json: { 'member-id': '{user_id}' }, timeoutSeconds: 10 },
      { body: '{"member-id":"u-1"}', timeoutMs: 10_000 },
    ],
    [
      { method: 'POST', path: '/revoke', auth: 'basic', query: { access_token: '{access_token}' } },
      { url: 'https://api.example.com/v1/revoke?access_token=tok' },
    ],
  ])('%j are filled in', async (call, expected) => {
    const { sent, calls } = calling();
    await calls.make(app(), call, facts);
    expect(sent[0]).toMatchObject(expected);
  });

  it('are not made when a value is missing', async () => {
    const { sent, calls } = calling();
    const call = { method: 'DELETE', path: '/users/{provider_user_id}', auth: 'bearer' } as const;
    await expect(calls.make(app(), call, { ...facts, providerUserId: null })).rejects.toThrow('provider_user_id');
    expect(sent).toEqual([]);
  });

  const token = { accessToken: '', refreshToken: null, expiresInSeconds: null, scope: 'x', fields: { x_user_id: 42 } };
  const jwt = `x.${Buffer.from(JSON.stringify({ sub: 'me', user: 'name' })).toString('base64url')}.y`;

  it.each<[string, OAuthFacts['account'], Readonly<Record<string, unknown>>, object]>([
    ['a field of the token answer', { from: 'token', id: 'x_user_id' }, {}, { id: '42', username: null }],
    ['claims', { from: 'access-token', id: 'sub', username: ['user'] }, {}, { id: 'me', username: 'name' }],
    [
      'a call',
      { from: 'api', path: '/me', root: 'data', id: 'id', username: ['nick', 'email'] },
      { '/v1/me': { data: { id: 9, nick: '', email: 'a@b' } } },
      { id: '9', username: 'a@b' },
    ],
    [
      'permissions',
      { from: 'api', path: '/me', id: 'id', permissions: { path: '/permissions', field: 'all' } },
      { '/v1/me': { id: 'g' }, '/v1/permissions': { all: ['B', 'A'] } },
      { id: 'g', scope: 'A B' },
    ],
    ['a call that fails', { from: 'api', path: '/me', id: 'id' }, {}, { id: null, username: null, scope: null }],
  ])('find the account by %s', async (_, account, answers, expected) => {
    const { calls } = calling(answers);
    const found = await new AccountLookups(calls).find(app({ account }), { ...token, accessToken: jwt }, 'u-1');
    expect(found).toMatchObject(expected);
  });
});

describe('credentials', () => {
  it('are named when they are missing', () => {
    const missing = (rest: Partial<CloudApp>) => () => requireCredentials(app({}, rest));
    expect(missing({ clientId: null, clientSecret: null })).toThrow(
      "Provider 'fitbit' is not configured: set FITBIT_CLIENT_ID and FITBIT_CLIENT_SECRET",
    );
    expect(missing({ clientSecret: null })).toThrow("Provider 'fitbit' is not configured: set FITBIT_CLIENT_SECRET");
  });

  it('made from the installation’s own secret differ by purpose and never equal it', () => {
    const [one, other] = [derivedSecret('key', 'A'), derivedSecret('key', 'B')];
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set([one, other, 'key']).size).toBe(3);
    expect(derivedSecret('key', 'A')).toBe(one);
  });
});

describe('a login', () => {
  const begun = { userId: 'ours', provider: 'polar', redirectUri: null, codeVerifier: null } as const;
  const facts: Partial<OAuthFacts> = {
    clientAuth: 'basic',
    account: { from: 'token', id: 'x_user_id' },
    afterToken: { method: 'POST', path: '/v3/users', auth: 'bearer', json: { 'member-id': '{user_id}' } },
  };

  it.each<[string, JsonValue, (() => Promise<{ status: number; body: Buffer }>) | null]>([
    ['is registered at the vendor', 7, () => Promise.resolve({ status: 201, body: Buffer.from('{}') })],
    ['may be registered already', 7, () => Promise.resolve({ status: 409, body: Buffer.alloc(0) })],
    ['is connected whatever comes of it', 7, () => Promise.reject(new Error('no answer'))],
    ['whose account the token does not name is not registered', null, null],
  ])('%s', async (_, id, registration) => {
    const calls = { make: jest.fn((..._given: unknown[]) => registration!()) };
    const token = { accessToken: 't', fields: { x_user_id: id } };
    const open = jest.fn((..._given: unknown[]) => Promise.resolve('connection'));
    const grants = new OAuthGrants(
      { exchange: () => Promise.resolve(token) } as never,
      new AccountLookups(calls as never),
      { open } as never,
      calls as never,
    );
    expect(await grants.redeem(app(facts), begun, 'code')).toBe('connection');
    expect(calls.make).toHaveBeenCalledTimes(registration ? 1 : 0);
    expect(open.mock.calls[0]?.[3]).toMatchObject({ id: id === null ? null : String(id) });
  });

  it.each<[JsonValue, number | null]>([
    ['3600', 3600],
    [21_600.5, 21_600.5],
    [1e300, 315_360_000],
    [-5, 0],
    ['soon', null],
    [null, null],
  ])('that says it lasts %j seconds lasts %p', async (expires_in, seconds) => {
    const body = Buffer.from(JSON.stringify({ access_token: 't', expires_in }));
    const outbound = { request: () => Promise.resolve({ status: 200, headers: {}, body }) };
    const token = await new TokenEndpoint(outbound as never).exchange(app(facts), 'code', null);
    expect(token.expiresInSeconds).toBe(seconds);
  });
});
