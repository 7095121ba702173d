import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { RoutePointInput } from '#libs/model';
import type { LocalCopy } from '#libs/storage';
import { Archive, DamagedArchive } from './archive.js';
import { findTornExport } from './torn-archive.js';
import { UnpackBudget } from './unpack-budget.js';

const ZIP_MAGIC = Buffer.from('PK\u0003\u0004', 'latin1');
const READ_BYTES = 128 * 1024;
/** What exports shrink by, for the progress of those whose size nobody knows. */
const USUAL_RATIO = 25;

export interface UnpackLimits {
  /** Most bytes that an archive may unpack to. */
  readonly maxUnpackedBytes: number;
}

/** An export, packed or not, open for reading. */
export interface ExportFile {
  /** About as many bytes as `content` gives. */
  readonly totalBytes: number;
  content(): Promise<AsyncIterable<Buffer>>;
  /** Points of a route file beside the export; null where there is none. */
  route(path: string): Promise<readonly RoutePointInput[] | null>;
  /** What is known to be missing, whatever `content` gives; null = nothing. */
  readonly shortfall: string | null;
  close(): void;
}

/** @throws UnreadableExport */
export async function openExport(copy: LocalCopy, { maxUnpackedBytes }: UnpackLimits): Promise<ExportFile> {
  if (!(await isZip(copy.path))) {
    const content = (): AsyncIterable<Buffer> => createReadStream(copy.path, { highWaterMark: READ_BYTES });
    return withoutRoutes(content, copy.sizeBytes, null);
  }
  const budget = new UnpackBudget(maxUnpackedBytes);
  try {
    const archive = await Archive.open(copy.path, budget);
    return {
      totalBytes: archive.unpackedBytes,
      content: () => archive.content(),
      route: (file) => archive.route(file),
      shortfall: null,
      close: () => archive.close(),
    };
  } catch (error) {
    const content = error instanceof DamagedArchive ? await findTornExport(copy.path, budget) : null;
    if (content === null) throw error;
    return withoutRoutes(() => content, copy.sizeBytes * USUAL_RATIO, 'The archive is cut off');
  }
}

const withoutRoutes = (
  content: () => AsyncIterable<Buffer>,
  totalBytes: number,
  shortfall: string | null,
): ExportFile => ({
  totalBytes,
  content: () => Promise.resolve(content()),
  route: () => Promise.resolve(null),
  shortfall,
  close: () => undefined,
});

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ZIP_MAGIC.length), 0, ZIP_MAGIC.length, 0);
    return bytesRead === ZIP_MAGIC.length && buffer.equals(ZIP_MAGIC);
  } finally {
    await file.close();
  }
}
