import type { BufferPool } from './buffer-pool.js';

/** One buffer that grows as bytes arrive, so that a body of known size is held once and not as pieces and whole. */
export class GrowingBuffer {
  private buffer: Buffer;
  private used = 0;

  constructor(
    private readonly pool: BufferPool,
    expectedBytes: number,
    private readonly maxBytes: number,
  ) {
    this.buffer = pool.take(Math.min(expectedBytes, maxBytes));
  }

  get length(): number {
    return this.used;
  }

  /** @throws RangeError beyond `maxBytes` */
  append(chunk: Uint8Array): void {
    const needed = this.used + chunk.length;
    if (needed > this.maxBytes) throw new RangeError(`More than ${this.maxBytes} bytes`);
    if (needed > this.buffer.length) this.grow(needed);
    this.buffer.set(chunk, this.used);
    this.used = needed;
  }

  /** What has arrived, without a copy; of no use after `release()`. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.used);
  }

  release(): void {
    this.pool.give(this.buffer);
    this.buffer = Buffer.alloc(0);
    this.used = 0;
  }

  private grow(needed: number): void {
    const grown = this.pool.take(Math.min(Math.max(needed, this.buffer.length * 2), this.maxBytes));
    grown.set(this.bytes());
    this.pool.give(this.buffer);
    this.buffer = grown;
  }
}
