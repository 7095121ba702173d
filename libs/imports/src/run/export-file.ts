import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { RoutePointInput } from '#libs/model';
import type { LocalCopy } from '#libs/storage';
import { Archive, type ArchiveLimits } from './archive.js';

const ZIP_MAGIC = Buffer.from('PK\u0003\u0004', 'latin1');
const READ_BYTES = 128 * 1024;

/** An export, packed or not, open for reading. */
export interface ExportFile {
  /** Bytes that `content` gives. */
  readonly totalBytes: number;
  content(): Promise<Readable>;
  /** Points of a route file beside the export; null where there is none. */
  route(path: string): Promise<readonly RoutePointInput[] | null>;
  close(): void;
}

/** @throws UnreadableExport */
export async function openExport({ path, sizeBytes }: LocalCopy, limits: ArchiveLimits): Promise<ExportFile> {
  if (await isZip(path)) {
    const archive = await Archive.open(path, limits);
    return {
      totalBytes: archive.unpackedBytes,
      content: () => archive.content(),
      route: (file) => archive.route(file),
      close: () => archive.close(),
    };
  }
  return {
    totalBytes: sizeBytes,
    content: () => Promise.resolve(createReadStream(path, { highWaterMark: READ_BYTES })),
    route: () => Promise.resolve(null),
    close: () => undefined,
  };
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ZIP_MAGIC.length), 0, ZIP_MAGIC.length, 0);
    return bytesRead === ZIP_MAGIC.length && buffer.equals(ZIP_MAGIC);
  } finally {
    await file.close();
  }
}
