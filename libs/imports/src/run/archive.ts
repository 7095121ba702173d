import { once } from 'node:events';
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { GpxReader, UnreadableExport } from '#libs/providers/apple';
import type { RoutePointInput } from '#libs/model';
import { baseName, ENCRYPTED, isExportName, MOST_ENTRIES } from './archive-entries.js';
import type { UnpackBudget } from './unpack-budget.js';

const MOST_ROUTE_BYTES = 64 * 1024 * 1024;

/** The list of an archive's files cannot be read. */
export class DamagedArchive extends UnreadableExport {}

/** An export as the Health app packs it: `export.xml` and the files it refers to. */
export class Archive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly exportEntry: Entry,
    private readonly routes: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws UnreadableExport when it is no archive, holds no export, or unpacks to more than is allowed */
  static async open(path: string, budget: UnpackBudget): Promise<Archive> {
    const zip = await openZip(path);
    try {
      const entries = await entriesOf(zip);
      const found = exportOf(entries);
      budget.check(found.uncompressedSize, found.compressedSize);
      const routes = entries.filter(({ fileName }) => fileName.toLowerCase().endsWith('.gpx'));
      return new Archive(zip, found, new Map(routes.map((entry) => [baseName(entry.fileName), entry])));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  get unpackedBytes(): number {
    return this.exportEntry.uncompressedSize;
  }

  content(): Promise<Readable> {
    return this.stream(this.exportEntry);
  }

  /** The points of a route file; null when there is no such file or it is too large. */
  async route(path: string): Promise<readonly RoutePointInput[] | null> {
    const entry = this.routes.get(baseName(path));
    if (entry === undefined || entry.uncompressedSize > MOST_ROUTE_BYTES || isEncrypted(entry)) return null;
    const reader = new GpxReader();
    for await (const chunk of await this.stream(entry)) reader.write(chunk as Buffer);
    return reader.points;
  }

  close(): void {
    this.zip.close();
  }

  private stream(entry: Entry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => (error ? reject(damaged(error)) : resolve(stream)));
    });
  }
}

const isEncrypted = (entry: Entry): boolean => (entry.generalPurposeBitFlag & ENCRYPTED) !== 0;
const damaged = (cause: Error): DamagedArchive =>
  new DamagedArchive(`The archive is damaged: ${cause.message.slice(0, 200)}`);

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    yauzl.open(path, options, (error, zip) => (error ? reject(damaged(error)) : resolve(zip)));
  });
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  if (zip.entryCount > MOST_ENTRIES) throw new UnreadableExport('The archive holds too many files');
  const ended = once(zip, 'end');
  zip.on('entry', (entry: Entry) => {
    entries.push(entry);
    zip.readEntry();
  });
  zip.readEntry();
  try {
    await ended;
  } catch (error) {
    throw damaged(error as Error);
  }
  return entries;
}

/** `export.xml`, else the largest file that may be the export. */
function exportOf(entries: readonly Entry[]): Entry {
  const found =
    entries.find(({ fileName }) => baseName(fileName) === 'export.xml') ??
    entries.filter(({ fileName }) => isExportName(fileName)).sort((a, b) => b.uncompressedSize - a.uncompressedSize)[0];
  if (!found) throw new UnreadableExport('The archive holds no export.xml');
  if (isEncrypted(found)) throw new UnreadableExport('The archive is encrypted');
  return found;
}
