import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { StoredEncoding } from '../inbox/upload.js';

const unpack = promisify<Buffer, { chunkSize: number; maxOutputLength: number }, Buffer>(gunzip);

/** Room to find out that nothing more comes, so that one buffer is enough. */
const SPARE_BYTES = 64;

/**
 * An upload's body as it was before storing, unpacked off the event loop straight into one buffer of its known size.
 * @throws Error when it unpacks to another size
 */
export async function plainBody(body: Buffer, encoding: StoredEncoding, plainBytes: number): Promise<Buffer> {
  if (encoding === 'identity') return body;
  const room = plainBytes + SPARE_BYTES;
  const plain = await unpack(body, { chunkSize: room, maxOutputLength: room });
  if (plain.length !== plainBytes) throw new Error(`Stored body has ${plain.length} bytes, not ${plainBytes}`);
  return plain;
}
