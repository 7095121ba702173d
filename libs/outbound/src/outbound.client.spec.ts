import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metricsRegistry } from '#libs/observability';
import { OutboundClient } from './outbound.client.js';
import type { OutboundError } from './outbound-error.js';
import { OutboundPolicy } from './outbound-policy.js';
import type { Resolve } from './resolve-host.js';

const BOMB = gzipSync(Buffer.alloc(4_000_000));

let server: Server;
let port: number;
const seen: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];
const sockets = new Set<unknown>();

const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/ok': (_, response) => response.setHeader('x-two', ['a', 'b']).end('fine'),
  '/gone': (_, response) => response.writeHead(410).end('gone'),
  '/gzip': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('unpacked')),
  '/bomb': (_, response) => response.setHeader('content-encoding', 'gzip').end(BOMB),
  '/torn': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('torn').subarray(0, 12)),
  '/hang': () => undefined,
  '/half': (_, response) => void response.write('half'),
  '/close': (request) => request.socket.destroy(),
  '/endless': (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  },
  '/once': (_, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/moved': (_, response) => response.writeHead(307, { location: `http://other.test:${port}/ok` }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: `${Buffer.concat(chunks)}`,
      });
      ANSWERS[request.url!.split('?')[0]!]!(request, response);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

const clients: OutboundClient[] = [];
afterAll(async () => {
  await Promise.all(clients.map((client) => client.onApplicationShutdown()));
  server.closeAllConnections();
  server.close();
});

const loopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

function clientFor({ environment = 'test', allowed = [] as string[], resolve = loopback } = {}): OutboundClient {
  const client = new OutboundClient(
    new OutboundPolicy({ environment, outboundAllowedHosts: allowed }),
    undefined,
    resolve,
  );
  clients.push(client);
  return client;
}

const at = (path: string, host = '127.0.0.1'): string => `http://${host}:${port}${path}`;
const reasonOf = (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'answered',
    (error: OutboundError) => error.reason,
  );

describe('OutboundClient', () => {
  it('sends what it is told and answers any status', async () => {
    const client = clientFor();
    const body = Buffer.from('{"a":"ü"}');
    const headers = { 'Content-Type': 'application/json', 'X-Own': '1' };
    const answer = await client.request({ method: 'POST', url: at('/ok'), headers, body });
    expect(answer).toMatchObject({ status: 200, headers: { 'x-two': 'a, b' }, isCut: false });
    expect(answer.body.toString()).toBe('fine');
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"a":"ü"}',
      headers: { 'content-type': 'application/json', 'x-own': '1', 'user-agent': 'wearables-platform' },
    });
    expect((await client.request({ method: 'GET', url: at('/gone') })).status).toBe(410);
  });

  it('uses connections again', async () => {
    const client = clientFor();
    const before = sockets.size;
    for (let i = 0; i < 20; i++) await client.request({ method: 'GET', url: at('/ok') });
    expect(sockets.size).toBeLessThan(before + 4);
  });

  it('unpacks', async () => {
    const answer = await clientFor().request({ method: 'GET', url: at('/gzip') });
    expect(answer.body.toString()).toBe('unpacked');
  });

  it.each([
    ['/hang', 'timeout'],
    ['/half', 'timeout'],
    ['/close', 'network'],
    ['/torn', 'network'],
    ['/endless', 'too-large'],
    ['/bomb', 'too-large'],
  ])('gives up on %s: %s', async (path, reason) => {
    const request = clientFor().request({
      method: 'GET',
      url: at(path),
      timeoutMs: path === '/endless' ? 5000 : 200,
      maxBytes: 10_000,
    });
    expect(await reasonOf(request)).toBe(reason);
  });

  it('cuts a body where its beginning is enough', async () => {
    const request = { method: 'GET', url: at('/endless'), maxBytes: 1000, wanted: 'excerpt' } as const;
    const answer = await clientFor().request(request);
    expect(answer).toMatchObject({ status: 200, isCut: true });
    expect(answer.body).toHaveLength(1000);
  });

  it.each([
    ['/half', 'half'],
    ['/torn', 't'],
    ['/ok', 'fine'],
  ])('takes what there is of %s where an excerpt is enough', async (path, body) => {
    const request = { method: 'GET', url: at(path), wanted: 'excerpt', timeoutMs: 300 } as const;
    const answer = await clientFor().request(request);
    expect(answer).toMatchObject({ status: 200, isCut: path !== '/ok' });
    expect(answer.body.toString()).toBe(body);
  });

  it('says nothing about path and query in its errors', async () => {
    const error = await clientFor()
      .request({ method: 'GET', url: at('/close?token=geheim') })
      .catch((failure: Error) => failure);
    expect(String(error)).toMatch(/gave no answer/);
    expect(String(error)).not.toContain('geheim');
  });
});

describe('redirects', () => {
  it('are answers unless they are to be followed', async () => {
    expect((await clientFor().request({ method: 'GET', url: at('/once') })).status).toBe(302);
    expect((await clientFor().request({ method: 'GET', url: at('/once'), redirects: 1 })).status).toBe(200);
  });

  it('keep credentials from other hosts', async () => {
    const headers = { authorization: 'Bearer t', 'x-api-key': 'k', 'x-own': '1' };
    await clientFor().request({ method: 'POST', url: at('/moved'), headers, body: 'b', redirects: 1 });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', body: 'b', headers: { 'x-own': '1' } });
    expect(seen.at(-1)!.headers).not.toHaveProperty('authorization');
    expect(seen.at(-1)!.headers).not.toHaveProperty('x-api-key');
  });

  it.each([
    ['/loop', 'redirect'],
    ['/inside', 'refused-address'],
  ])('%s ends as %s', async (path, reason) => {
    expect(await reasonOf(clientFor().request({ method: 'GET', url: at(path), redirects: 3 }))).toBe(reason);
  });
});

describe('addresses', () => {
  it.each([
    ['private', [{ address: '10.0.0.1', family: 4 as const }]],
    ['this machine', [{ address: '127.0.0.1', family: 4 as const }]],
    [
      'one of several',
      [
        { address: '8.8.8.8', family: 4 as const },
        { address: '::ffff:10.0.0.1', family: 6 as const },
      ],
    ],
    ['none', []],
  ])('refuses a name that resolves to %s', async (_, found) => {
    const client = clientFor({ environment: 'production', resolve: async () => found });
    const request = client.request({ method: 'GET', url: 'https://rebind.test/', timeoutMs: 500 });
    expect(await reasonOf(request)).toBe('refused-address');
  });

  it('connects to what was checked, whatever the name server says next', async () => {
    let asked = 0;
    const changing: Resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    const client = clientFor({ resolve: changing });
    expect((await client.request({ method: 'GET', url: at('/ok', 'rebind.test') })).status).toBe(200);
    expect(asked).toBe(1);
    const later = clientFor({ resolve: changing });
    expect(await reasonOf(later.request({ method: 'GET', url: at('/ok', 'rebind.test') }))).toBe('refused-address');
  });

  it.each<[string, string, string | null]>([
    ['https://public.test/', '8.8.8.8', null],
    ['https://private.test/', '10.0.0.1', 'refused-address'],
    ['https://own.test/', '127.0.0.1', 'refused-address'],
    ['https://hooks.internal/', '10.0.0.1', null],
    ['https://8.8.8.8/', '10.0.0.1', null],
    ['http://public.test/', '8.8.8.8', 'insecure'],
    ['https://unknown.test/', '', null],
  ])('checks %s, which resolves to %j, before anything is sent: %s', async (url, address, reason) => {
    const resolve: Resolve = async () => {
      if (address === '') throw new Error('ENOTFOUND');
      return [{ address, family: 4 }];
    };
    const client = clientFor({ environment: 'production', allowed: ['hooks.internal'], resolve });
    const checked = client.check(url);
    if (reason === null) await checked;
    else expect(await reasonOf(checked)).toBe(reason);
  });

  it('never serves a stricter rule with a connection of a looser one', async () => {
    const client = clientFor({ environment: 'development' });
    const request = { method: 'GET', url: at('/ok', 'own.test') };
    expect((await client.request({ ...request, allowLoopback: true })).status).toBe(200);
    expect(await reasonOf(client.request(request))).toBe('refused-address');
  });

  it('reaches a listed host in production, and only it', async () => {
    const client = clientFor({ environment: 'production', allowed: [`hooks.internal:${port}`] });
    expect((await client.request({ method: 'GET', url: at('/ok', 'hooks.internal') })).status).toBe(200);
    expect(await reasonOf(client.request({ method: 'GET', url: at('/ok', 'other.internal') }))).toBe('insecure');
  });

  it('counts by class of host and outcome', async () => {
    const text = await metricsRegistry.getSingleMetricAsString('outbound_requests_total');
    expect(text).toMatch(/host_class="loopback",outcome="2xx"/);
    expect(text).toMatch(/host_class="public",outcome="refused-address"/);
  });
});
