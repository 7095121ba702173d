import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

interface Operation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema?: { maximum?: number } }[];
  requestBody?: object;
  security?: Record<string, string[]>[];
}

const RUBBISH_TEXTS = [
  '',
  ' ',
  '\0',
  '\u{1F4A9}',
  "' OR 1=1 --",
  '../../etc/passwd',
  '-1',
  '1e999',
  'NaN',
  'null',
  '99999999999999999999999',
  '0001-01-01',
  '9999-12-31T23:59:59.999999+18:00',
  '2031-02-30',
  'prev_',
  'MjAzMS0wNS0wMg==',
  '%',
  'x'.repeat(3000),
];

const RUBBISH_BODIES: unknown[] = [
  null,
  true,
  0,
  'text',
  [],
  [[]],
  {},
  { constructor: 1 },
  { provider: {} },
  { provider: 'apple', data: 'x' },
  { provider: 'apple', sdkVersion: 1, data: { records: 5, sleep: {}, workouts: [null, 1] } },
  { first_name: {}, email: [], external_user_id: null },
  { sdkVersion: {}, events: [{ eventType: 'device_state', timestamp: 'x' }] },
  { first_name: '\ud800', email: '\0@\0' },
];

const AT_ONCE = 8;

/** Whatever is asked of a vendor for which this installation has no credentials. */
const NOT_CONFIGURED = JSON.stringify({
  detail: "Provider 'oura' is not configured: set OURA_CLIENT_ID and OURA_CLIENT_SECRET",
});

describe('rubbish', () => {
  let api: TestApi;
  let operations: { method: string; path: string; operation: Operation }[];
  let userId: string;

  beforeAll(async () => {
    api = await openTestApi({ config: { maxRangeDays: 4000, maxPageLimit: 500, outgoingWebhooksEnabled: true } });
    userId = (await api.given.user()).id;
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    operations = Object.entries(document.paths)
      // Logging out would end what the other requests are made with.
      .filter(([path]) => path.startsWith('/api/v1/') && !path.endsWith('/auth/logout'))
      .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ method, path, operation })));
  });

  afterAll(() => api.close());

  /** What lets a request of a route in. */
  const credentials = ({ security = [] }: Operation): Record<string, string> =>
    security.some((scheme) => 'apiKey' in scheme)
      ? { 'X-Open-Wearables-API-Key': api.apiKey }
      : { Authorization: `Bearer ${api.developerToken}` };

  const send = async (operation: Operation, method: string, target: string, body?: string): Promise<string> => {
    const response = await fetch(`${api.url}${target}`, {
      method: method.toUpperCase(),
      headers: { ...credentials(operation), 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return '';
    }
    const text = await response.text();
    const isFine = response.status < 500 || (response.status === 503 && text === NOT_CONFIGURED);
    return isFine ? '' : `${method} ${target} ${body ?? ''} -> ${response.status} ${text}`;
  };

  /** Sends several at a time, so that one waits for the database while others are answered. */
  const failuresOf = async (requests: (() => Promise<string>)[]): Promise<string[]> => {
    const failures: string[] = [];
    const sendNext = async (): Promise<void> => {
      for (let request = requests.shift(); request; request = requests.shift()) failures.push(await request());
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
    return failures.filter(Boolean);
  };

  /** The path with sound ids, except that one parameter has `value`. */
  const filled = (path: string, name?: string, value = ''): string =>
    path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
      if (parameter === name) return encodeURIComponent(value);
      if (parameter === 'user_id') return userId;
      return parameter === 'provider' ? 'oura' : randomUUID();
    });

  it('in any parameter of any route is never the server’s fault', async () => {
    const requests: (() => Promise<string>)[] = [];
    for (const { method, path, operation } of operations.filter((each) => each.method === 'get')) {
      const parameters = operation.parameters ?? [];
      const required = parameters.filter(({ name }) => /^(start|end)_/.test(name));
      for (const { name, in: place } of parameters) {
        for (const value of RUBBISH_TEXTS) {
          const rest = required.filter((each) => each.name !== name).map((each) => `${each.name}=2031-05-02`);
          const query = place === 'query' ? [...rest, `${name}=${encodeURIComponent(value)}`] : rest;
          const target = place === 'path' ? filled(path, name, value) : filled(path);
          requests.push(() => send(operation, method, `${target}?${query.join('&')}`));
        }
      }
    }
    expect(requests.length).toBeGreaterThan(100);
    expect(await failuresOf(requests)).toEqual([]);
  });

  it('never asks for more than the caps of ranges and pages allow', async () => {
    const asked: { operation: Operation; target: string }[] = [];
    // The caps are those of health data.
    const reads = operations.filter(({ method, path }) => method === 'get' && path.includes('{user_id}'));
    for (const { path, operation } of reads) {
      const ask = (query: string): unknown => asked.push({ operation, target: `${filled(path)}?${query}` });
      const names = (operation.parameters ?? []).map(({ name }) => name);
      const bounds = ['start_date', 'end_date', 'start_time', 'end_time'].filter((name) => names.includes(name));
      const others = names.includes('types') ? '&types=steps&bucket=month' : '';
      const range = (years: readonly number[]) => bounds.map((name, n) => `${name}=${years[n]}-01-01`).join('&');
      const limit = operation.parameters?.find(({ name }) => name === 'limit')?.schema?.maximum ?? 0;
      if (bounds.length === 2) ask(`${range([2011, 2031])}${others}`);
      if (limit === 1000) ask(`limit=501&${range([2030, 2031])}${others}`);
    }
    expect(asked.length).toBeGreaterThanOrEqual(2 * 7);
    for (const { operation, target } of asked) {
      const isForKeys = operation.security?.some((scheme) => 'apiKey' in scheme);
      const { body, status } = await (isForKeys ? api.client : api.developer).get(target);
      expect([target, status]).toEqual([target, 400]);
      const isRange = target.includes('2011');
      expect([target, body.detail]).toEqual([
        target,
        isRange
          ? expect.stringMatching(
              /^Range too long: 7305 days\. start_(date|time) and end_(date|time) may be at most 4000/,
            )
          : 'Input should be less than or equal to 500',
      ]);
    }
  });

  it('in any body is never the server’s fault', async () => {
    const requests: (() => Promise<string>)[] = [];
    for (const { method, path, operation } of operations.filter((each) => each.method !== 'get')) {
      const target = filled(path, 'user_id', method === 'delete' ? randomUUID() : userId);
      for (const body of RUBBISH_BODIES) {
        requests.push(() => send(operation, method, target, JSON.stringify(body).replace('null}', '1e400}')));
      }
      for (const body of ['{', '\0', '"\\ud800"', '{"a":1}{'])
        requests.push(() => send(operation, method, target, body));
    }
    expect(await failuresOf(requests)).toEqual([]);
  });
});
