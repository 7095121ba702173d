import { parsePart } from './malformed-json.js';
import { scanUpload, SDK_COLLECTIONS, type SdkCollection, type Slice, type SliceLimits } from './upload-scanner.js';

/** Items of one collection that are mapped and stored together. */
export interface SdkUploadChunk {
  readonly collection: SdkCollection;
  /** Index of the first item in its collection. */
  readonly startIndex: number;
  readonly items: readonly unknown[];
}

export type ItemCounts = Readonly<Record<SdkCollection, number>>;

export interface UploadReader {
  /** The parsed upload with its collections emptied. */
  readonly envelope: unknown;
  /** Items by collection. */
  readonly counts: ItemCounts;
  /** Number of chunks; the same body is always cut in the same way. */
  readonly chunkCount: number;
  /**
   * The chunks in document order, each parsed when it is asked for; `skip` leaves out that many from the front.
   */
  chunks(skip?: number): Generator<SdkUploadChunk, void>;
}

export const DEFAULT_LIMITS: SliceLimits = { maxItems: 1000, maxBytes: 512 * 1024 };

/**
 * Cuts an upload into envelope and chunks of items without ever holding all items as objects.
 * @throws MalformedJson for anything that is no JSON
 */
export function readUpload(body: Buffer, limits: SliceLimits = DEFAULT_LIMITS): UploadReader {
  const slices: Slice[] = [];
  const scan = scanUpload(body, limits);
  let step = scan.next();
  for (; !step.done; step = scan.next()) slices.push(step.value);
  const { envelope, live } = step.value;
  const used = slices.filter((slice) => live.get(slice.collection) === slice.array);
  return {
    envelope,
    counts: countItems(used),
    chunkCount: used.length,
    *chunks(skip = 0) {
      for (const slice of used.slice(skip)) yield parseSlice(body, slice);
    },
  };
}

function parseSlice(body: Buffer, { collection, startIndex, start, end }: Slice): SdkUploadChunk {
  const items = parsePart(`[${body.toString('utf8', start, end)}]`, start - 1) as readonly unknown[];
  return { collection, startIndex, items };
}

export function countItems(slices: readonly Slice[]): ItemCounts {
  const counts = Object.fromEntries(SDK_COLLECTIONS.map((name) => [name, 0])) as Record<SdkCollection, number>;
  for (const slice of slices) counts[slice.collection] += slice.count;
  return counts;
}
