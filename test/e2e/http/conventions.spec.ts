import { gzipSync } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('HTTP conventions', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi({ config: { corsOrigins: ['https://portal.example.com'] } });
  });

  afterAll(() => api.close());

  const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${api.url}${path}`, init);
  const withKey = (headers: Record<string, string> = {}): Record<string, string> => ({
    'X-Open-Wearables-API-Key': api.apiKey,
    ...headers,
  });
  const post = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = JSON_TYPE,
  ): Promise<Response> => call('/api/v1/users', { method: 'POST', headers: withKey(headers), body });

  describe('addresses and methods', () => {
    it('say hello at the root and describe themselves', async () => {
      await api.anonymous.get('/').expect(200, { message: 'Server is running!' });
      expect((await call('/docs')).status).toBe(200);
      expect((await call('/docs/swagger-ui.css')).status).toBe(200);
    });

    it('answer 404 on unknown paths, whatever the body and the credentials are', async () => {
      for (const path of ['/nowhere', '/api/v1', '/api/v1/nowhere', '/users', '/docs/nothing.js']) {
        const response = await call(path);
        expect([path, response.status, await response.json()]).toEqual([path, 404, { detail: 'Not Found' }]);
      }
      const malformed = await call('/api/v1/nowhere', { method: 'POST', headers: JSON_TYPE, body: '{' });
      expect(malformed.status).toBe(404);
    });

    it.each([
      ['PUT', '/api/v1/users', 'GET, HEAD, POST'],
      ['POST', `/api/v1/users/${randomUUID()}`, 'DELETE, GET, HEAD, PATCH'],
      ['OPTIONS', '/api/v1/users', 'GET, HEAD, POST'],
      ['DELETE', '/', 'GET, HEAD'],
    ])('answer 405 to %s %s and name every method', async (method, path, allow) => {
      const response = await call(path, { method, headers: JSON_TYPE });
      expect(response.status).toBe(405);
      expect(await response.json()).toEqual({ detail: 'Method Not Allowed' });
      expect(response.headers.get('allow')).toBe(allow);
    });

    it('answer HEAD like GET without a body', async () => {
      const response = await call('/api/v1/users', { method: 'HEAD', headers: withKey() });
      expect([response.status, await response.text()]).toEqual([200, '']);
    });

    it('answer a path with a slash at its end directly', async () => {
      const response = await call('/api/v1/users/', { headers: withKey(), redirect: 'manual' });
      expect(response.status).toBe(200);
    });

    it('take any spelling of a UUID in a path', async () => {
      const { id } = await api.given.user();
      for (const spelling of [id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `urn:uuid:${id}`]) {
        const response = await call(`/api/v1/users/${encodeURIComponent(spelling)}`, { headers: withKey() });
        expect(await response.json()).toMatchObject({ id });
      }
    });

    it('answer 400 to a path that does not decode', async () => {
      const response = await call('/api/v1/users/%E0%A4%A', { headers: withKey() });
      expect([response.status, await response.json()]).toEqual([400, { detail: 'Bad Request' }]);
    });
  });

  describe('credentials', () => {
    const statusAndDetail = async (headers: Record<string, string>): Promise<[number, string]> => {
      const response = await call('/api/v1/users', { headers });
      return [response.status, ((await response.json()) as { detail: string }).detail];
    };

    it('are needed', async () => {
      expect(await statusAndDetail({})).toEqual([401, 'Authentication required: provide JWT token or API key']);
      expect(await statusAndDetail({ 'X-Open-Wearables-API-Key': '' })).toEqual([
        401,
        'Authentication required: provide JWT token or API key',
      ]);
      expect((await call('/api/v1/users')).headers.get('www-authenticate')).toBeNull();
    });

    it.each(['nonsense', randomUUID(), `sk-${'0'.repeat(32)}`])('that are wrong (%s) are refused', async (key) => {
      expect(await statusAndDetail({ 'X-Open-Wearables-API-Key': key })).toEqual([401, 'Invalid or missing API key']);
      expect(await statusAndDetail({ 'X-API-Key': key })).toEqual([401, 'Invalid or missing API key']);
    });

    it('come in the header or its alias, which counts only when the header is absent or empty', async () => {
      const key = api.apiKey;
      expect((await call('/api/v1/users', { headers: { 'x-api-key': key } })).status).toBe(200);
      const empty = { 'X-Open-Wearables-API-Key': '', 'X-API-Key': key };
      expect((await call('/api/v1/users', { headers: empty })).status).toBe(200);
      expect(await statusAndDetail({ 'X-Open-Wearables-API-Key': 'wrong', 'X-API-Key': key })).toEqual([
        401,
        'Invalid or missing API key',
      ]);
    });

    it('are looked at after the body is parsed and before anything is validated', async () => {
      const malformed = await call('/api/v1/users', { method: 'POST', headers: JSON_TYPE, body: '{' });
      expect(malformed.status).toBe(400);
      expect((await call('/api/v1/users?limit=nonsense')).status).toBe(401);
    });
  });

  describe('bodies', () => {
    const detailOf = async (response: Promise<Response>): Promise<[number, string]> => {
      const { status, ...rest } = await response.then(async (answer) => ({
        status: answer.status,
        ...((await answer.json()) as { detail: string }),
      }));
      return [status, rest.detail];
    };

    it('that are not JSON are told so', async () => {
      const [status, detail] = await detailOf(post('{"first_name": '));
      expect(status).toBe(400);
      expect(detail).toMatch(/^JSON decode error - /);
      expect(await detailOf(post(Uint8Array.from([0x22, 0xff, 0x22])))).toMatchObject([
        400,
        expect.stringMatching(/^JSON/),
      ]);
    });

    it('of another or no type count as text', async () => {
      const text = 'Input should be a valid dictionary or object to extract fields from';
      expect(await detailOf(post('{}', { 'Content-Type': 'text/plain' }))).toEqual([400, text]);
      expect(await detailOf(post('[1]'))).toEqual([400, text]);
      expect((await post('{}', { 'Content-Type': 'application/merge-patch+json; charset=utf-8' })).status).toBe(201);
    });

    it('that are empty or null are missing', async () => {
      expect(await detailOf(post(''))).toEqual([400, 'Field required']);
      expect(await detailOf(post('null'))).toEqual([400, 'Field required']);
    });

    it('may be compressed', async () => {
      const body = gzipSync(JSON.stringify({ first_name: 'Zip' }));
      const response = await post(Uint8Array.from(body), { ...JSON_TYPE, 'Content-Encoding': 'gzip' });
      expect([response.status, await response.json()]).toMatchObject([201, { first_name: 'Zip' }]);
      const broken = post('no gzip', { ...JSON_TYPE, 'Content-Encoding': 'gzip' });
      expect(await detailOf(broken)).toEqual([400, 'There was an error parsing the body']);
    });

    it('that are too large are refused, compressed ones by what they expand to', async () => {
      const large = JSON.stringify({ first_name: 'x'.repeat(1024 * 1024) });
      expect(await detailOf(post(large))).toEqual([413, 'Request body too large']);
      const bomb = post(Uint8Array.from(gzipSync(large)), { ...JSON_TYPE, 'Content-Encoding': 'gzip' });
      expect(await detailOf(bomb)).toEqual([413, 'Request body too large']);
    });

    it('that nest without end do no harm', async () => {
      const depth = 200_000;
      const nested = `{"first_name": ${'['.repeat(depth)}${']'.repeat(depth)}}`;
      expect(await detailOf(post(nested))).toEqual([400, 'JSON decode error - nested too deeply']);
    });
  });

  describe('request ids', () => {
    it('are made up, on errors too', async () => {
      const one = (await call('/nowhere')).headers.get('x-request-id');
      const two = (await call('/')).headers.get('x-request-id');
      expect(one).toMatch(/^[0-9a-f-]{36}$/);
      expect(one).not.toBe(two);
    });

    it('are taken over when they are plain', async () => {
      const given = async (id: string): Promise<string | null> =>
        (await call('/', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
      expect(await given('trace-42.a:b')).toBe('trace-42.a:b');
      expect(await given('with blanks')).not.toBe('with blanks');
      expect(await given('x'.repeat(129))).toHaveLength(36);
    });
  });

  describe('other origins', () => {
    const preflight = (origin: string): Promise<Response> =>
      call('/api/v1/users', {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'PATCH',
          'Access-Control-Request-Headers': 'x-api-key,content-type',
        },
      });

    it('that are known may send credentials', async () => {
      const response = await preflight('https://portal.example.com');
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': 'https://portal.example.com',
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'x-api-key,content-type',
        'access-control-max-age': '600',
        vary: expect.stringContaining('Origin'),
      });
      expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    });

    it('that are not known are turned away', async () => {
      const response = await preflight('https://evil.example.com');
      expect([response.status, await response.text()]).toEqual([400, 'Disallowed CORS origin']);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('can read errors', async () => {
      const response = await call('/nowhere', { headers: { Origin: 'https://portal.example.com' } });
      expect(response.headers.get('access-control-allow-origin')).toBe('https://portal.example.com');
    });
  });
});

describe('with all origins allowed', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi({ config: { corsAllowAll: true } });
  });

  afterAll(() => api.close());

  it('any origin may read, none with credentials', async () => {
    const response = await fetch(`${api.url}/`, { headers: { Origin: 'https://anybody.example.com' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
