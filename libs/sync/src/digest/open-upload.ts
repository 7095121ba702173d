import { readUpload, SDK_COLLECTIONS, type SdkUploadChunk, type UploadReader } from '#libs/providers/kit';

/** What the digester needs of an upload. */
export interface OpenUpload extends Pick<UploadReader, 'envelope' | 'chunkCount'> {
  /** In document order; `skip` leaves out that many from the front. The same upload is always cut in the same way. */
  chunks(skip?: number): Iterable<SdkUploadChunk>;
}

const CHUNK_LIMITS = { maxItems: 5_000, maxBytes: 4 * 1024 * 1024 };
/** Up to this size an upload is parsed at once, which is faster than cutting it and parsing the pieces. */
const WHOLE_BYTES = 4 * 1024 * 1024;

/** Names how uploads are cut into chunks: progress counts chunks, so it is of use only to who cuts in the same way. */
export const CUT = `${CHUNK_LIMITS.maxItems}/${CHUNK_LIMITS.maxBytes}/${WHOLE_BYTES}`;

/** Opens an accepted upload; at any time only a few megabytes of its items are held as objects. */
export function openUpload(plain: Buffer): OpenUpload {
  if (plain.length > WHOLE_BYTES) return readUpload(plain, CHUNK_LIMITS);
  return wholeUpload(JSON.parse(plain.toString('utf8')) as ParsedUpload);
}

interface ParsedUpload {
  readonly data?: Readonly<Record<string, unknown>> | null;
}

function wholeUpload(envelope: ParsedUpload): OpenUpload {
  const chunks = SDK_COLLECTIONS.flatMap((collection): SdkUploadChunk[] => {
    const items: unknown = envelope.data?.[collection];
    return Array.isArray(items) ? cut(collection, items) : [];
  });
  return { envelope, chunkCount: chunks.length, chunks: (skip = 0) => chunks.slice(skip).values() };
}

function cut(collection: SdkUploadChunk['collection'], items: readonly unknown[]): SdkUploadChunk[] {
  const { maxItems } = CHUNK_LIMITS;
  return Array.from({ length: Math.ceil(items.length / maxItems) }, (_, n) => {
    const startIndex = n * maxItems;
    return { collection, startIndex, items: items.slice(startIndex, startIndex + maxItems) };
  });
}
