const MIB = 1024 * 1024;
/** Larger buffers are made and dropped; rare as they are, keeping them would cost more than it saves. */
const LARGEST_KEPT = 8 * MIB;
const KEPT_BYTES = 32 * MIB;

/**
 * Buffers that are used again: memory outside the heap that is thrown away makes the garbage collector walk the whole
 * heap every few uploads.
 */
export class BufferPool {
  private readonly idle: Buffer[] = [];
  private idleBytes = 0;

  /** A buffer of at least `bytes`, with whatever was in it. */
  take(bytes: number): Buffer {
    const at = this.idle.findIndex(({ length }) => length >= bytes);
    if (at < 0) return Buffer.allocUnsafeSlow(sizeFor(bytes));
    const [buffer] = this.idle.splice(at, 1);
    this.idleBytes -= buffer!.length;
    return buffer!;
  }

  /** Hands a buffer back; nobody may use it or a part of it from now on. */
  give(buffer: Buffer): void {
    if (buffer.length > LARGEST_KEPT || this.idleBytes + buffer.length > KEPT_BYTES) return;
    const at = this.idle.findIndex(({ length }) => length > buffer.length);
    this.idle.splice(at < 0 ? this.idle.length : at, 0, buffer);
    this.idleBytes += buffer.length;
  }
}

/** Few sizes, so that buffers fit again: powers of two up to a megabyte, whole megabytes above, as asked when large. */
function sizeFor(bytes: number): number {
  if (bytes > LARGEST_KEPT) return bytes;
  return bytes > MIB ? Math.ceil(bytes / MIB) * MIB : 2 ** Math.ceil(Math.log2(Math.max(bytes, 16 * 1024)));
}
