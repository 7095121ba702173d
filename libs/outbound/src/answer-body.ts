import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OutboundError } from './outbound-error.js';

export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

export interface BodyLimits {
  readonly maxBytes: number;
  /** `cut` answers what fitted instead of failing. */
  readonly whenTooLarge: 'fail' | 'cut';
}

export interface AnswerBody {
  readonly body: Buffer;
  readonly isCut: boolean;
}

/**
 * Reads a body, unpacked, until it ends or passes the cap; then the connection is dropped, so that not much more than
 * the cap is ever received or held. The cap holds for the packed and the unpacked size.
 * @throws OutboundError `too-large`
 */
export async function readBody(raw: Readable, encoding: string | undefined, limits: BodyLimits): Promise<AnswerBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked(raw, encoding) as AsyncIterable<Buffer>) {
      if (size + chunk.length > limits.maxBytes) {
        if (limits.whenTooLarge === 'fail') {
          throw new OutboundError('too-large', `The answer is larger than ${limits.maxBytes} bytes`);
        }
        chunks.push(chunk.subarray(0, limits.maxBytes - size));
        return { body: Buffer.concat(chunks), isCut: true };
      }
      chunks.push(chunk);
      size += chunk.length;
    }
    return { body: Buffer.concat(chunks, size), isCut: false };
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
