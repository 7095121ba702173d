import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { constants, createInflateRaw } from 'node:zlib';
import { ENCRYPTED, isExportName, MOST_ENTRIES } from './archive-entries.js';
import type { UnpackBudget } from './unpack-budget.js';

/** A file of an archive as the header in front of it tells. */
interface LocalEntry {
  readonly fileName: string;
  readonly isPacked: boolean;
  readonly dataStart: number;
  /** Null when it is told behind the data alone. */
  readonly packedBytes: number | null;
}

const HEADER_BYTES = 30;
const SIGNATURE = Buffer.from('PK\u0003\u0004', 'latin1');
const SIZES_BEHIND = 8;
const STORED = 0;
const DEFLATED = 8;
/** Marks a size that stands in the extra field of large files. */
const IN_EXTRA_FIELD = 0xffffffff;
const LARGE_FILE = 1;
const MOST_BYTES = 2n ** 50n;
/** What may stand between two files: a signature, a checksum and two sizes of eight bytes. */
const LONGEST_DESCRIPTOR = 24;

/**
 * The export in an archive whose end, and with it the list of its files, is missing or damaged: its files are found
 * one after the other. Null when it is not among them.
 * @throws UnreadableExport when that takes more unpacking than is allowed
 */
export async function findTornExport(path: string, budget: UnpackBudget): Promise<AsyncIterable<Buffer> | null> {
  const file = await open(path, 'r');
  try {
    let at: number | null = 0;
    for (let count = 0; at !== null && count < MOST_ENTRIES; count++) {
      const entry = await entryAt(file, at);
      if (entry === null) return null;
      if (isExportName(entry.fileName) && entry.packedBytes !== 0) return new TornContent(path, entry, budget);
      at = await endOf(file, path, entry, budget);
    }
    return null;
  } finally {
    await file.close();
  }
}

/** Null where no file begins, or one that cannot be unpacked. */
async function entryAt(file: FileHandle, at: number): Promise<LocalEntry | null> {
  const header = await bytesAt(file, at, HEADER_BYTES);
  if (header.length < HEADER_BYTES || !header.subarray(0, 4).equals(SIGNATURE)) return null;
  const flags = header.readUInt16LE(6);
  const method = header.readUInt16LE(8);
  const [nameBytes, extraBytes] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const rest = await bytesAt(file, at + HEADER_BYTES, nameBytes + extraBytes);
  const isKnownMethod = method === DEFLATED || (method === STORED && (flags & SIZES_BEHIND) === 0);
  if (rest.length < nameBytes + extraBytes || (flags & ENCRYPTED) !== 0 || !isKnownMethod) return null;
  const packedBytes = header.readUInt32LE(18);
  return {
    fileName: rest.toString('utf8', 0, nameBytes),
    isPacked: method === DEFLATED,
    dataStart: at + HEADER_BYTES + nameBytes + extraBytes,
    packedBytes:
      (flags & SIZES_BEHIND) !== 0
        ? null
        : packedBytes === IN_EXTRA_FIELD
          ? largeSize(rest.subarray(nameBytes))
          : packedBytes,
  };
}

/** The packed size out of the extra fields; null when it is not there or no size. */
function largeSize(extra: Buffer): number | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== LARGE_FILE || at + 20 > extra.length) continue;
    const size = extra.readBigUInt64LE(at + 12);
    return size < MOST_BYTES ? Number(size) : null;
  }
  return null;
}

/** Where the next file begins; null when nobody knows. */
async function endOf(file: FileHandle, path: string, entry: LocalEntry, budget: UnpackBudget): Promise<number | null> {
  if (entry.packedBytes !== null) return entry.dataStart + entry.packedBytes;
  if (!entry.isPacked) return null;
  const content = new TornContent(path, entry, budget);
  const chunks = content[Symbol.asyncIterator]();
  while (!(await chunks.next()).done) continue;
  const end = entry.dataStart + content.packedBytes;
  const next = (await bytesAt(file, end, LONGEST_DESCRIPTOR + SIGNATURE.length)).indexOf(SIGNATURE);
  return next < 0 ? null : end + next;
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** What is there of a file in an archive. */
class TornContent implements AsyncIterable<Buffer> {
  packedBytes = 0;

  constructor(
    private readonly path: string,
    private readonly entry: LocalEntry,
    private readonly budget: UnpackBudget,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    const { dataStart: start, packedBytes, isPacked } = this.entry;
    const end = packedBytes === null ? Infinity : start + packedBytes - 1;
    const source = createReadStream(this.path, { start, end });
    if (!isPacked) {
      yield* source as AsyncIterable<Buffer>;
      return;
    }
    // Data that ends too early is no error: what is there is given.
    const inflate = source.pipe(createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH }));
    source.on('error', (error) => inflate.destroy(error));
    let bytes = 0;
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.budget.check(bytes, inflate.bytesWritten);
        yield chunk;
      }
      this.packedBytes = inflate.bytesWritten;
    } finally {
      this.budget.spend(bytes);
      source.destroy();
      inflate.destroy();
    }
  }
}
