import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OutboundError } from './outbound-error.js';

export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

export interface BodyLimits {
  readonly maxBytes: number;
  /** `excerpt` answers what could be read instead of failing when a body is too large, breaks off or does not end. */
  readonly wanted: 'whole' | 'excerpt';
}

export interface AnswerBody {
  readonly body: Buffer;
  /** Something of the body is missing. */
  readonly isCut: boolean;
}

/** How long the end of a body is waited for of which an excerpt is enough. */
const EXCERPT_MS = 2000;

/**
 * Reads a body, unpacked, until it ends or passes the cap; then the connection is dropped, so that not much more than
 * the cap is ever received or held. The cap holds for the packed and the unpacked size.
 * @throws OutboundError `too-large`
 */
export async function readBody(raw: Readable, encoding: string | undefined, limits: BodyLimits): Promise<AnswerBody> {
  if (limits.wanted === 'whole')
    return { body: Buffer.concat(await chunksOf(raw, encoding, limits, [])), isCut: false };
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => raw.destroy(), EXCERPT_MS);
  try {
    await chunksOf(raw, encoding, limits, chunks);
    return { body: Buffer.concat(chunks), isCut: false };
  } catch {
    // The status has arrived; why the rest has not matters to nobody.
    return { body: Buffer.concat(chunks).subarray(0, limits.maxBytes), isCut: true };
  } finally {
    clearTimeout(timer);
  }
}

/** Adds what arrives to `chunks`, so that it is there also when the end is not. */
async function chunksOf(
  raw: Readable,
  encoding: string | undefined,
  { maxBytes }: BodyLimits,
  chunks: Buffer[],
): Promise<Buffer[]> {
  let size = 0;
  try {
    for await (const chunk of unpacked(raw, encoding) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) throw new OutboundError('too-large', `The answer is larger than ${maxBytes} bytes`);
    }
    return chunks;
  } finally {
    raw.destroy();
  }
}

function unpacked(raw: Readable, encoding: string | undefined): Readable {
  const unpacker = unpackerOf(encoding?.trim().toLowerCase());
  if (unpacker === null) return raw;
  // A failure of either side reaches the reader through the unpacker.
  return pipeline(raw, unpacker, () => undefined);
}

function unpackerOf(encoding: string | undefined): Transform | null {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  if (encoding === 'br') return createBrotliDecompress();
  return null;
}
