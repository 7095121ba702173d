import { once } from 'node:events';
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { GpxReader, UnreadableExport } from '#libs/providers/apple';
import type { RoutePointInput } from '#libs/model';

export interface ArchiveLimits {
  /** Most bytes the export may unpack to. */
  readonly maxUnpackedBytes: number;
}

const MOST_ENTRIES = 200_000;
/** Exports shrink to a twentieth or a fiftieth; a bomb to a thousandth. */
const MOST_RATIO = 250;
/** Small entries may be as dense as they like. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024;
const MOST_ROUTE_BYTES = 64 * 1024 * 1024;
const ENCRYPTED = 1;

/** An export as the Health app packs it: `export.xml` and the files it refers to. */
export class Archive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly exportEntry: Entry,
    private readonly routes: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws UnreadableExport when it is no archive, holds no export, or unpacks to more than is allowed */
  static async open(path: string, limits: ArchiveLimits): Promise<Archive> {
    const zip = await openZip(path);
    try {
      const entries = await entriesOf(zip);
      const found = exportOf(entries);
      checkSize(found, limits.maxUnpackedBytes);
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

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
const isEncrypted = (entry: Entry): boolean => (entry.generalPurposeBitFlag & ENCRYPTED) !== 0;
const damaged = (cause: Error): UnreadableExport =>
  new UnreadableExport(`The archive is damaged: ${cause.message.slice(0, 200)}`);

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

/** `export.xml`; where the phone speaks another language, the largest XML file that is no clinical document. */
function exportOf(entries: readonly Entry[]): Entry {
  const found =
    entries.find(({ fileName }) => baseName(fileName) === 'export.xml') ??
    entries
      .filter(({ fileName }) => baseName(fileName).endsWith('.xml') && !baseName(fileName).includes('cda'))
      .sort((a, b) => b.uncompressedSize - a.uncompressedSize)[0];
  if (!found) throw new UnreadableExport('The archive holds no export.xml');
  if (isEncrypted(found)) throw new UnreadableExport('The archive is encrypted');
  return found;
}

function checkSize({ uncompressedSize, compressedSize }: Entry, maxUnpackedBytes: number): void {
  const isBomb = uncompressedSize > RATIO_FROM_BYTES && uncompressedSize > compressedSize * MOST_RATIO;
  if (isBomb || uncompressedSize > maxUnpackedBytes) {
    throw new UnreadableExport(`The archive unpacks to too much: ${uncompressedSize} bytes`);
  }
}
