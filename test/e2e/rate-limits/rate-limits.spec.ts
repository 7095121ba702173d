import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Response, Test } from 'supertest';
import { Sessions } from '#libs/identity';
import { CallerBudgets } from '#libs/rate-limits';
import { createApi } from '../../../apps/api/src/create-api.js';
import { ApiClient } from '../../support/api-client.js';
import { openTestApi, type TestApi } from '../../support/api.js';

const ATTEMPTS = 4;
const REFRESHES = 6 * ATTEMPTS;
const TOO_MANY = { detail: 'Too many requests' };

describe('rate limits', () => {
  let api: TestApi;
  /** Another process on the same database: it shares nothing with the first but that. */
  let second: INestApplication;
  let elsewhere: ApiClient;
  let network = 0;

  beforeAll(async () => {
    api = await openTestApi({
      config: { callerRequestsPerMinute: 3, trustedProxies: 1, attemptsPerMinute: ATTEMPTS },
    });
    second = await createApi(api.config);
    await second.listen(0, '127.0.0.1');
    const { port } = second.getHttpServer().address() as AddressInfo;
    elsewhere = new ApiClient(`http://127.0.0.1:${port}`, null, {});
  });
  afterAll(async () => {
    await second.close();
    await api.close();
  });
  beforeEach(() => {
    network++;
  });

  const addressOf = (host: number): Record<string, string> => ({ 'X-Forwarded-For': `203.0.${network}.${host}` });
  const from = (host: number, client = api.anonymous): ApiClient => client.with(addressOf(host));
  const login = (username: string, host = 1, client?: ApiClient): Test =>
    from(host, client).post('/api/v1/auth/login').type('form').send({ username, password: 'wrong password' });
  const redeem = (code: string, host = 1, client?: ApiClient): Test =>
    from(host, client).post('/api/v1/invitation-code/redeem', { code });
  const refresh = (token: string, host = 1): Test => from(host).post('/api/v1/token/refresh', { refresh_token: token });
  const statuses = async (requests: Test[]): Promise<number[]> =>
    (await Promise.all(requests)).map(({ status }) => status).sort((one, two) => one - two);
  const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

  function expectRefusal({ status, body, headers }: Response, limit: number): void {
    expect([status, body]).toEqual([429, TOO_MANY]);
    expect(headers).toMatchObject({ 'ratelimit-limit': String(limit), 'ratelimit-remaining': '0' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(headers['retry-after']).toBe(headers['ratelimit-reset']);
  }

  it('tell a key what is left and refuse what is over, each key by itself', async () => {
    const { key } = await api.given.apiKey('limited');
    const limited = api.client.with({ 'X-Open-Wearables-API-Key': key });
    for (const left of ['2', '1', '0']) {
      const { headers } = await limited.get('/api/v1/users').expect(200);
      expect(headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': left });
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0);
    }
    expectRefusal(await limited.get('/api/v1/users'), 3);
    await api.client.get('/api/v1/users').expect(200);
  });

  it('of a key are shared by processes', async () => {
    const { key } = await api.given.apiKey('shared');
    const headers = { 'X-Open-Wearables-API-Key': key };
    const [one, two] = [api.anonymous.with(headers), elsewhere.with(headers)];
    const tell = (app: INestApplication): Promise<void> => app.get(CallerBudgets, { strict: false }).sync(Date.now());
    await one.get('/api/v1/users').expect(200);
    await one.get('/api/v1/users').expect(200);
    await tell(api.app);
    await two.get('/api/v1/users').expect(200);
    await tell(second);
    expectRefusal(await two.get('/api/v1/users'), 3);
  });

  it('leave public routes alone', async () => {
    for (let request = 0; request < 6; request++) {
      const { headers } = await api.anonymous.get('/health/live').expect(200);
      expect(headers).not.toHaveProperty('ratelimit-limit');
    }
  });

  it('let an address try few passwords, also at once and at several processes', async () => {
    const clients = [api.anonymous, elsewhere, api.anonymous, elsewhere, api.anonymous, elsewhere];
    const tries = clients.map((client, n) => login(`${n}@${network}.example.com`, 1, client));
    expect(await statuses(tries)).toEqual([...times(ATTEMPTS, 401), 429, 429]);
    expectRefusal(await login('another@example.com'), ATTEMPTS);
    expectRefusal(await login('another@example.com', 1, elsewhere), ATTEMPTS);
    await login('another@example.com', 2).expect(401);
    await redeem('AAAAAAAA').expect(404);
  });

  it('let few passwords of one developer be tried, from wherever and in whatever spelling', async () => {
    const spellings = ['ann@example.com', 'ANN@example.com', ' Ann@Example.com '];
    const tries = Array.from({ length: 2 * ATTEMPTS + 1 }, (_, n) =>
      login(spellings[n % spellings.length]!, n + 1, n % 2 ? elsewhere : api.anonymous),
    );
    expect(await statuses(tries)).toEqual([...times(2 * ATTEMPTS, 401), 429]);
    await login('bob@example.com', 100).expect(401);
  });

  it('let an address try few codes, and a code be tried few times', async () => {
    const codes = ['AAAAAAA2', 'AAAAAAA3', 'AAAAAAA4', 'AAAAAAA5', 'AAAAAAA6'];
    expect(await statuses(codes.map((code) => redeem(code)))).toEqual([...times(ATTEMPTS, 404), 429]);
    expectRefusal(await redeem('AAAAAAA7', 1, elsewhere), ATTEMPTS);
    const tries = Array.from({ length: 2 * ATTEMPTS + 1 }, (_, n) =>
      redeem(n % 2 ? 'BBBBBBBB' : 'bbbbbbbb', n + 2, n % 2 ? elsewhere : api.anonymous),
    );
    expect(await statuses(tries)).toEqual([...times(2 * ATTEMPTS, 404), 429]);
    await redeem('CCCCCCCC', 100).expect(404);
  });

  it('refuse even the right code once it was tried too often, and let it be good again afterwards', async () => {
    const { id } = await api.given.user();
    const { body: made } = await from(1, api.developer).post(`/api/v1/users/${id}/invitation-code`).expect(201);
    const { code } = made as { code: string };
    await api.database.db.query('UPDATE user_invitation_code SET expires_at = now() WHERE user_id = $1', [id]);
    for (let host = 1; host <= 2 * ATTEMPTS; host++) await redeem(code, host).expect(404);
    await api.database.db.query(`UPDATE user_invitation_code SET expires_at = now() + interval '1 day'`);
    await redeem(code, 50).expect(429);
    await api.database.db.query('DELETE FROM rate_limit');
    await redeem(code, 50).expect(200);
  });

  it('let the phones behind one address refresh, and not without end', async () => {
    const { id: userId } = await api.given.user();
    const owner = { kind: 'sdk', userId, appId: 'app_x', applicationId: null, developerId: null } as const;
    const { refresh_token: token } = await api.app.get(Sessions).open(owner, new Date());
    const { headers } = await refresh(token).expect(200);
    expect(headers).toMatchObject({
      'ratelimit-limit': String(REFRESHES),
      'ratelimit-remaining': String(REFRESHES - 1),
    });
    const tries = Array.from({ length: REFRESHES }, () => refresh('rt-nobody'));
    expect(await statuses(tries)).toEqual([...times(REFRESHES - 1, 401), 429]);
    expectRefusal(await refresh('rt-nobody'), REFRESHES);
    await refresh('rt-nobody', 2).expect(401);
  });

  it('store neither addresses nor accounts in the clear', async () => {
    await login('carl@example.com').expect(401);
    const rows = await api.database.db.query<{ key: string }>('SELECT key FROM rate_limit');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/carl|203\.0/);
  });
});
