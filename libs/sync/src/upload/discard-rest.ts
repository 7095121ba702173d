import type { Readable } from 'node:stream';

/**
 * Lets a client finish sending a body that is refused, so that it reads the answer instead of a broken connection:
 * what still comes is thrown away, and beyond `maxBytes` the connection is cut.
 */
export function discardRest(stream: Readable, maxBytes: number): void {
  if (stream.destroyed || stream.readableEnded) return;
  let discarded = 0;
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > maxBytes) stream.destroy();
  });
  stream.resume();
}
