import type { SdkUploadChunk } from '#libs/providers/kit';

/** Chunks that are stored in one transaction. */
export type UploadPart = readonly [SdkUploadChunk, ...SdkUploadChunk[]];

/**
 * Joins an upload's chunks into parts of at most `maxItems` items, so that a small upload is one transaction and a large
 * one never holds more than that many items as objects. A chunk that is larger alone stays alone.
 */
export function* uploadParts(chunks: Iterable<SdkUploadChunk>, maxItems: number): Generator<UploadPart> {
  let part: [SdkUploadChunk, ...SdkUploadChunk[]] | null = null;
  let items = 0;
  for (const chunk of chunks) {
    if (part && items + chunk.items.length > maxItems) {
      yield part;
      part = null;
      items = 0;
    }
    if (part) part.push(chunk);
    else part = [chunk];
    items += chunk.items.length;
  }
  if (part) yield part;
}
