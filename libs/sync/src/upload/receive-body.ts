import { finished, type Readable, type Transform } from 'node:stream';
import { badRequest, Failure } from '#libs/model';
import type { BufferPool } from './buffer-pool.js';
import type { ByteLease } from './byte-budget.js';
import { contentEncoding, decoderFor } from './content-decoder.js';
import { discardRest } from './discard-rest.js';
import { GrowingBuffer } from './growing-buffer.js';

/** A request body as it comes in: unread, with what its headers say about it. */
export interface IncomingBody {
  readonly stream: Readable;
  /** `Content-Encoding` */
  readonly encoding: string | undefined;
  /** `Content-Length` in bytes, null when not declared. */
  readonly declaredBytes: number | null;
}

export interface ReceivedBody {
  /** Decoded. */
  readonly plain: Buffer;
  /** The same body as the client compressed it, when it did so with gzip. */
  readonly gzip: Buffer | null;
  /** Hands the memory back; both buffers are of no use afterwards. */
  release(): void;
}

export interface ReceiveLimits {
  /** After decoding. */
  readonly maxBytes: number;
  readonly lease: ByteLease;
  /** How long a client is kept waiting while others are served, before it is asked to come back. */
  readonly patienceMs: number;
  readonly pool: BufferPool;
}

const EXPANSION = 8;

/**
 * Reads a body into memory out of `pool`: at most `maxBytes` after decoding, and only as much as `lease` grants.
 * @throws Failure 413 as soon as the body is known to be larger, 429 with `Retry-After` when this process holds too many
 * bodies, 400 when the body cannot be decoded or the client went away
 */
export async function receiveBody(body: IncomingBody, limits: ReceiveLimits): Promise<ReceivedBody> {
  try {
    return await receive(body, limits);
  } catch (error) {
    discardRest(body.stream, limits.maxBytes);
    throw error;
  }
}

async function receive(
  body: IncomingBody,
  { maxBytes, lease, pool, patienceMs }: ReceiveLimits,
): Promise<ReceivedBody> {
  const encoding = contentEncoding(body.encoding);
  if (encoding === null) throw unreadable();
  const declared = body.declaredBytes ?? 0;
  if (declared > maxBytes) throw tooLarge(maxBytes);
  // Nothing is read meanwhile: the client's own connection holds it back.
  if (!(await lease.waitToGrowTo(declared, patienceMs))) throw tooBusy();
  const plain = new GrowingBuffer(pool, encoding === 'identity' ? declared : declared * EXPANSION, maxBytes);
  const gzip = encoding === 'gzip' ? new GrowingBuffer(pool, declared, maxBytes) : null;
  const append = (buffer: GrowingBuffer, chunk: Uint8Array): void => {
    if (buffer.length + chunk.length > maxBytes) throw tooLarge(maxBytes);
    if (!lease.growTo(plain.length + (gzip?.length ?? 0) + chunk.length)) throw tooBusy();
    buffer.append(chunk);
  };
  const release = (): void => {
    plain.release();
    gzip?.release();
  };
  try {
    await readThrough(body.stream, decoderFor(encoding), {
      raw: gzip ? (chunk) => append(gzip, chunk) : null,
      decoded: (chunk) => append(plain, chunk),
    });
  } catch (error) {
    release();
    throw error;
  }
  return { plain: plain.bytes(), gzip: gzip?.bytes() ?? null, release };
}

interface Takers {
  raw: ((chunk: Buffer) => void) | null;
  decoded: (chunk: Buffer) => void;
}

/** Runs all of `source` through the decoder; the first exception of a taker ends it. Never destroys `source`. */
function readThrough(source: Readable, decoder: Transform | null, takers: Takers): Promise<void> {
  return new Promise((resolve, reject) => {
    const output = decoder ?? source;
    const stopWatching = finished(source, { writable: false }, (error) => {
      if (error) fail(badRequest('The request ended before its body was complete'));
    });
    const guarded = (take: (chunk: Buffer) => void) => (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const onRaw = takers.raw && guarded(takers.raw);
    const onDecoded = guarded(takers.decoded);
    const leave = (): void => {
      stopWatching();
      if (onRaw) source.off('data', onRaw);
      output.off('data', onDecoded).off('end', onEnd);
    };
    const onEnd = (): void => {
      leave();
      resolve();
    };
    const fail = (reason: Error): void => {
      leave();
      if (decoder) source.unpipe(decoder);
      decoder?.destroy();
      reject(reason);
    };
    if (onRaw) source.on('data', onRaw);
    if (decoder) source.pipe(decoder).on('error', () => fail(unreadable()));
    output.on('data', onDecoded).on('end', onEnd);
  });
}

const tooLarge = (maxBytes: number): Failure =>
  new Failure(413, `Request body too large: at most ${maxBytes} bytes after decompression`);
const tooBusy = (): Failure => new Failure(429, 'Too many uploads at once', { headers: { 'Retry-After': '2' } });
const unreadable = (): Failure => badRequest('There was an error parsing the body');
