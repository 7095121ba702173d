import { describe, expect, it, jest } from '@jest/globals';
import { OutboundError } from '#libs/outbound';
import { VendorError } from '#libs/providers/kit';
import { answeredAt, toldLimits } from '../budget/told-limits.js';
import { Unconnected } from '../tokens/unconnected.js';
import { addressOf, buildRequest } from './build-request.js';
import { Outages } from './outages.js';
import { IN_REQUEST, pauseBefore, type Patience } from './patience.js';
import { readAnswer } from './read-answer.js';
import { retryAfterSeconds } from './retry-after.js';
import { VendorClient } from './vendor-client.js';
import { vendorFailure } from './vendor-failure.js';

const BASE = 'https://api.example.com/developer';
const answer = (status: number, body = '') => ({ status, headers: {}, body: Buffer.from(body) });

describe('requests', () => {
  it.each([
    [
      { path: '/v2/sleep', query: { start: '2026-03-08T00:00:00Z', limit: 25, none: undefined } },
      '/v2/sleep?start=2026-03-08T00%3A00%3A00Z&limit=25',
    ],
    [{ path: '/v2/sleep?from=1', query: { nextToken: 'a b' } }, '/v2/sleep?from=1&nextToken=a+b'],
    [{ path: 'https://api.example.com/developer/next?offset=2' }, '/next?offset=2'],
  ])('%j go to their address', (request, expected) => expect(addressOf(BASE, request)).toBe(`${BASE}${expected}`));

  it.each(['https://evil.example/x', 'http://api.example.com/x', '//evil.example', 'x', '@evil.example/', ''])(
    'never leave for %j',
    (path) => {
      const result = (): string => addressOf(BASE, { path });
      if (path === '//evil.example') expect(new URL(result()).host).toBe('api.example.com');
      else expect(result).toThrow(VendorError);
    },
  );

  it('carry JSON and forms', () => {
    expect(buildRequest(BASE, { method: 'POST', path: '/x', json: { a: 1 } }, { authorization: 'Bearer t' })).toEqual({
      method: 'POST',
      url: `${BASE}/x`,
      headers: { accept: 'application/json', authorization: 'Bearer t', 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    const form = buildRequest(BASE, { method: 'POST', path: '/x', form: { a: 'b c' }, headers: { Accept: 'x/y' } }, {});
    expect(form).toMatchObject({ body: 'a=b+c', headers: { accept: 'x/y' } });
  });
});

describe('answers', () => {
  const read = (status: number, body?: string, emptyStatuses?: number[]) =>
    readAnswer('whoop', { path: '/x', ...(emptyStatuses ? { emptyStatuses } : {}) }, answer(status, body));

  it('are JSON, or nothing', () => {
    expect(read(200, '[1]')).toEqual([1]);
    expect(read(204)).toBeNull();
    expect(read(404, 'gone', [404])).toBeNull();
    expect(read(200, '{"error":null,"data":{}}')).toEqual({ error: null, data: {} });
  });

  it.each([
    [401, '', { trouble: 'unauthorized', status: 401 }],
    [403, '', { trouble: 'unauthorized', status: 403 }],
    [404, '', { trouble: 'status', status: 404 }],
    [500, '<html>', { trouble: 'status', status: 500 }],
    [302, '', { trouble: 'status', status: 302 }],
    [200, '{"a":', { trouble: 'unreadable' }],
    [200, '{"error":"x","code":503}', { trouble: 'status', status: 503 }],
    [200, '{"error":"x"}', { trouble: 'status', status: 400 }],
  ])('%i %s are trouble', (status, body, trouble) =>
    expect(() => read(status, body)).toThrow(expect.objectContaining(trouble)),
  );
});

describe('what callers hear', () => {
  it.each([
    [new Unconnected('User not connected to whoop'), 409, 'User not connected to whoop'],
    [new VendorError('unauthorized', 'x', { status: 403 }), 409, 'Whoop authorization expired. Please re-authorize.'],
    [new VendorError('status', 'x', { status: 500 }), 502, 'Whoop API error: 500'],
    [new VendorError('unreachable', 'x'), 502, 'Failed to fetch data from Whoop'],
    [new VendorError('unreadable', 'x'), 502, 'Failed to fetch data from Whoop'],
  ])('of %s', (error, status, detail) =>
    expect(vendorFailure('whoop', error)).toMatchObject({ status, detail, cause: error }),
  );

  it('says when to come back, and leaves other errors alone', () => {
    const limited = new VendorError('rate-limited', 'x', { status: 429, retryAfterSeconds: 11.2 });
    expect(vendorFailure('whoop', limited)).toMatchObject({ status: 502, headers: { 'Retry-After': '12' } });
    const other = new Error('x');
    expect(vendorFailure('whoop', other)).toBe(other);
  });
});

describe('waiting', () => {
  const now = new Date('2026-11-21T08:00:00Z');
  it.each([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['120', 120],
    ['1.5', 1.5],
    ['Sat, 21 Nov 2026 08:01:00 GMT', 60],
    ['Sat, 21 Nov 2026 07:00:00 GMT', 0],
    ['99999999', 86_400],
  ])('Retry-After %j', (text, expected) =>
    expect(retryAfterSeconds(text === undefined ? {} : { 'retry-after': text }, now)).toBe(expected),
  );

  const strava = [
    { limit: 'x-ratelimit-limit', usage: 'x-ratelimit-usage', windows: [900, 86_400] },
    { limit: 'x-readratelimit-limit', usage: 'x-readratelimit-usage', windows: [900, 86_400] },
  ];
  it.each<[Record<string, string>, readonly (readonly number[])[]]>([
    [
      { 'x-ratelimit-limit': '200,2000', 'x-ratelimit-usage': '14, 388' },
      [
        [900, 200, 14],
        [86_400, 2000, 388],
      ],
    ],
    [{ 'x-readratelimit-limit': '100', 'x-readratelimit-usage': '100,1' }, [[900, 100, 100]]],
    [{ 'x-ratelimit-limit': '200,2000' }, []],
    [{ 'x-ratelimit-limit': 'many,-1', 'x-ratelimit-usage': '1,1' }, []],
    [{ 'x-ratelimit-limit': '0,1e3', 'x-ratelimit-usage': '0,0' }, []],
    [{}, []],
  ])('limits told by %j', (headers, expected) =>
    expect(toldLimits(headers, strava).map(({ perSeconds, requests, used }) => [perSeconds, requests, used])).toEqual(
      expected,
    ),
  );

  it.each([
    ['Sat, 21 Nov 2026 07:59:58 GMT', '2026-11-21T07:59:58.000Z'],
    ['soon', now.toISOString()],
    ['', now.toISOString()],
  ])('an answer of %j', (date, at) => expect(answeredAt({ date }, now).toISOString()).toBe(at));

  it('is until the next window after a 429 that says so', async () => {
    const headers = { 'x-ratelimit-limit': '200,2000', 'x-ratelimit-usage': '201,300' };
    const outbound = { request: () => Promise.resolve({ status: 429, headers, body: Buffer.alloc(0) }) };
    const learn = jest.fn((..._: unknown[]) => Promise.resolve(421));
    const block = jest.fn((..._: unknown[]) => Promise.resolve());
    const budgets = { take: () => Promise.resolve({ waitSeconds: 0, isTaken: true }), learn, block };
    const client = new VendorClient(outbound as never, budgets as never);
    const app = { code: 'strava', apiBaseUrl: BASE, budgets: [], own: {}, cloud: { limitHeaders: strava } };
    await expect(client.send(app as never, { path: '/x' }, {}, IN_REQUEST)).rejects.toMatchObject({
      trouble: 'rate-limited',
      retryAfterSeconds: 421,
    });
    expect(learn.mock.calls[0]?.[2]).toContainEqual({ perSeconds: 900, requests: 200, used: 201 });
    expect(block.mock.calls[0]?.[2]).toBe(421);
  });

  it('lasts while a vendor does not answer, but not for who waits for us', async () => {
    let isUp = false;
    const request = jest.fn(() =>
      isUp ? Promise.resolve(answer(200)) : Promise.reject(new OutboundError('timeout', 'no answer')),
    );
    const budgets = {
      take: () => Promise.resolve({ waitSeconds: 0, isTaken: true }),
      learn: () => Promise.resolve(null),
    };
    const client = new VendorClient({ request } as never, budgets as never);
    const send = (code: string, patience: Patience = { attempts: 1, longestWaitSeconds: 60 }) =>
      client.send({ code, apiBaseUrl: BASE, budgets: [], own: {}, cloud: {} } as never, { path: '/x' }, {}, patience);
    for (let n = 0; n < 5; n++) await expect(send('whoop')).rejects.toMatchObject({ trouble: 'unreachable' });
    await expect(send('whoop')).rejects.toMatchObject({ trouble: 'rate-limited' });
    expect(request).toHaveBeenCalledTimes(5);
    await expect(send('oura')).rejects.toMatchObject({ trouble: 'unreachable' });
    await expect(send('whoop', IN_REQUEST)).rejects.toMatchObject({ trouble: 'unreachable' });
    isUp = true;
    await send('whoop', IN_REQUEST);
    expect(await send('whoop')).toMatchObject({ status: 200 });
  });

  it('of an outage begins after five requests in a row and doubles up to a quarter of an hour', () => {
    const outages = new Outages();
    const fail = (times: number, atMs = 0): number => {
      for (let n = 0; n < times; n++) outages.failed('whoop', atMs);
      return outages.waitSeconds('whoop', atMs);
    };
    expect([fail(4), outages.isLikely('whoop')]).toEqual([0, false]);
    expect([fail(1), outages.isLikely('whoop')]).toEqual([120, true]);
    expect(outages.waitSeconds('whoop', 100_000)).toBe(20);
    // Sixteen more of the same moment are the same outage.
    expect(fail(16, 30_000)).toBe(90);
    expect([fail(1, 120_000), fail(1, 360_000), fail(1, 840_000), fail(1, 1_740_000)]).toEqual([240, 480, 900, 900]);
    outages.answered('whoop');
    expect([outages.waitSeconds('whoop', 0), outages.isLikely('whoop')]).toEqual([0, false]);
  });

  it('doubles and is partly chance', () => {
    expect([pauseBefore(1, 0), pauseBefore(1, 1), pauseBefore(3, 1)]).toEqual([250, 500, 2000]);
  });
});
