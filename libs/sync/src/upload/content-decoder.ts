import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Content encodings of an upload. */
export type ContentEncoding = 'identity' | 'gzip' | 'deflate' | 'br';

const NAMES: Readonly<Record<string, ContentEncoding>> = {
  '': 'identity',
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
};

const CHUNK_BYTES = 64 * 1024;

/** The encoding a `Content-Encoding` header names; null when there is no decoder for it. */
export function contentEncoding(header: string | undefined): ContentEncoding | null {
  return NAMES[(header ?? '').trim().toLowerCase()] ?? null;
}

/** A decoder for the encoding, working off the event loop; null when nothing is to be decoded. */
export function decoderFor(encoding: ContentEncoding): Transform | null {
  const options = { chunkSize: CHUNK_BYTES };
  switch (encoding) {
    case 'identity':
      return null;
    case 'gzip':
      return createGunzip(options);
    case 'deflate':
      return createInflate(options);
    case 'br':
      return createBrotliDecompress(options);
  }
}
