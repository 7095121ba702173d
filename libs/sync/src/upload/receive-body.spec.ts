import { PassThrough, Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '#libs/model';
import { BufferPool } from './buffer-pool.js';
import { ByteBudget } from './byte-budget.js';
import { receiveBody } from './receive-body.js';

const MAX = 100_000;
const limits = (maxBytes: number, budget = new ByteBudget(1e9)) => ({
  maxBytes,
  lease: budget.lease(),
  patienceMs: 1,
  pool: new BufferPool(),
});
const text = Buffer.from(JSON.stringify({ provider: 'apple', list: Array.from({ length: 3_000 }, (_, n) => n) }));

const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));

interface Sending {
  declaredBytes?: number | null;
  budget?: ByteBudget;
  max?: number;
}

const receive = (
  sent: Buffer,
  encoding?: string,
  { declaredBytes = sent.length, budget = new ByteBudget(1e9), max = MAX }: Sending = {},
) => receiveBody({ stream: Readable.from(pieces(sent, 777)), encoding, declaredBytes }, limits(max, budget));

const failure = async (work: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof Failure) return error;
  throw new Error(`Not a failure: ${String(error)}`);
};

describe('receiveBody', () => {
  it.each([
    ['identity', text, undefined],
    ['identity by name', text, 'identity'],
    ['gzip', gzipSync(text), 'gzip'],
    ['gzip in capitals', gzipSync(text), 'GZIP'],
    ['gzip of two members', Buffer.concat([gzipSync(text.subarray(0, 99)), gzipSync(text.subarray(99))]), 'gzip'],
    ['deflate', deflateSync(text), 'deflate'],
    ['brotli', brotliCompressSync(text), 'br'],
  ])('decodes %s', async (_name, sent, encoding) => {
    const received = await receive(sent, encoding);
    expect(received.plain.equals(text)).toBe(true);
  });

  it('keeps what came as gzip and nothing else', async () => {
    const sent = gzipSync(text);
    expect((await receive(sent, 'gzip')).gzip?.equals(sent)).toBe(true);
    expect((await receive(deflateSync(text), 'deflate')).gzip).toBeNull();
    expect((await receive(text)).gzip).toBeNull();
  });

  it('takes a body of exactly the largest size, of undeclared size too', async () => {
    const sent = Buffer.alloc(MAX, 32);
    expect((await receive(sent)).plain).toHaveLength(MAX);
    expect((await receive(sent, undefined, { declaredBytes: null })).plain).toHaveLength(MAX);
  });

  it.each([
    ['declared', Buffer.alloc(MAX + 1, 32), undefined, MAX + 1],
    ['undeclared', Buffer.alloc(MAX + 1, 32), undefined, null],
    ['after gzip', gzipSync(Buffer.alloc(MAX + 1, 32)), 'gzip', null],
    ['after brotli', brotliCompressSync(Buffer.alloc(MAX + 1, 32)), 'br', null],
  ])('refuses a body that is too large (%s)', async (_name, sent, encoding, declaredBytes) => {
    expect((await failure(receive(sent, encoding, { declaredBytes }))).status).toBe(413);
  });

  it('stops decoding a bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 32));
    const before = process.memoryUsage().arrayBuffers;
    expect((await failure(receive(bomb, 'gzip'))).status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it.each([
    ['an unknown encoding', text, 'zstd'],
    ['two encodings', gzipSync(text), 'gzip, br'],
    ['no gzip at all', text, 'gzip'],
    ['half a gzip', gzipSync(text).subarray(0, 900), 'gzip'],
  ])('refuses %s', async (_name, sent, encoding) => {
    expect(await failure(receive(sent, encoding))).toMatchObject({
      status: 400,
      detail: 'There was an error parsing the body',
    });
  });

  it('asks to come back when the process holds too much already', async () => {
    const budget = new ByteBudget(1_000);
    const other = budget.lease();
    other.growTo(900);
    const refused = await failure(receive(text, undefined, { budget, declaredBytes: null }));
    expect(refused).toMatchObject({ status: 429, headers: { 'Retry-After': '2' } });
    other.release();
    expect((await receive(text, undefined, { budget })).plain).toHaveLength(text.length);
  });

  it('reads the rest of a refused body, so that its sender can finish', async () => {
    const stream = new PassThrough();
    const refused = receiveBody({ stream, encoding: undefined, declaredBytes: null }, limits(10));
    stream.write(Buffer.alloc(11));
    expect((await failure(refused)).status).toBe(413);
    await new Promise<void>((resolve) => stream.write(Buffer.alloc(5), () => resolve()));
    expect(stream.readableLength).toBe(0);
    expect(stream.destroyed).toBe(false);
  });

  it('cuts off a sender who never ends', async () => {
    const stream = new PassThrough();
    const refused = receiveBody({ stream, encoding: undefined, declaredBytes: null }, limits(10));
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.write(Buffer.alloc(11));
    await failure(refused);
    stream.write(Buffer.alloc(11));
    await closed;
    expect(stream.destroyed).toBe(true);
  });

  it.each([undefined, 'gzip'])('ends when the client goes away (%s)', async (encoding) => {
    const stream = new PassThrough();
    const left = receiveBody({ stream, encoding, declaredBytes: 50 }, limits(MAX));
    stream.write(gzipSync(text).subarray(0, 20));
    stream.destroy();
    expect((await failure(left)).status).toBe(400);
  });
});
