import { request as httpRequest, type ClientRequest } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { heartRates, upload } from '../../medium/sync/uploads.js';
import { openTestApi, type TestApi } from '../../support/api.js';

jest.setTimeout(60_000);

const MIB = 1024 * 1024;
let api: TestApi;
let path: string;
const hogs: ClientRequest[] = [];

beforeAll(async () => {
  api = await openTestApi();
  path = `/api/v1/sdk/users/${(await api.given.user()).id}/sync`;
});
afterAll(async () => {
  for (const hog of hogs) hog.destroy();
  await api.close();
});

const sendBytes = (bytes: Buffer, headers: Record<string, string> = {}) =>
  api.client
    .post(path)
    .set({ 'Content-Type': 'application/json', ...headers })
    .serialize((data) => data as unknown as string)
    .send(bytes as unknown as string);

/** A request that declares a body and never sends it. */
function occupy(bytes: number): ClientRequest {
  const request = httpRequest(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'X-API-Key': api.apiKey, 'Content-Type': 'application/json', 'Content-Length': bytes },
  });
  request.on('error', () => undefined);
  request.flushHeaders();
  hogs.push(request);
  return request;
}

describe('limits of uploads', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('stops at a %s bomb', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(70 * MIB, ' '));
    expect(bomb.length).toBeLessThan(MIB);
    const response = await sendBytes(bomb, { 'Content-Encoding': encoding });
    expect(response.status).toBe(413);
    expect(response.body.detail).toMatch(/^Request body too large/);
  });

  it('refuses a body whose declared size is too large without reading it', async () => {
    const status = await new Promise((resolve) => {
      const request = occupy(65 * MIB);
      request.on('response', (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
    });
    expect(status).toBe(413);
  });

  it('asks to come back later when too much is being taken in, and is there again after that', async () => {
    occupy(64 * MIB);
    occupy(31 * MIB);
    const body = Buffer.from(JSON.stringify(upload({ records: heartRates(5_000) })));
    let refused = await sendBytes(body);
    // The requests above may arrive a moment later than this one.
    for (let tries = 0; refused.status === 202 && tries < 200; tries++) refused = await sendBytes(body);
    expect(refused).toMatchObject({ status: 429, body: { detail: 'Too many uploads at once' } });
    expect(refused.headers['retry-after']).toBe('2');
    for (const hog of hogs) hog.destroy();
    let accepted = await sendBytes(body);
    for (let tries = 0; accepted.status === 429 && tries < 200; tries++) accepted = await sendBytes(body);
    expect(accepted.status).toBe(202);
  });
});
