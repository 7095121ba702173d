import { describe, expect, it } from '@jest/globals';
import type { SdkUploadChunk } from '#libs/providers/kit';
import { uploadParts } from './upload-parts.js';

const chunk = (items: number): SdkUploadChunk => ({
  collection: 'records',
  startIndex: 0,
  items: Array.from({ length: items }, () => ({})),
});
const sizes = (items: number[], max: number): number[][] =>
  [...uploadParts(items.map(chunk), max)].map((part) => part.map((one) => one.items.length));

describe('uploadParts', () => {
  it.each([
    [[], []],
    [[3], [[3]]],
    [[3, 4, 3], [[3, 4, 3]]],
    [
      [3, 4, 4],
      [[3, 4], [4]],
    ],
    [
      [12, 1],
      [[12], [1]],
    ],
    [
      [1, 12, 1],
      [[1], [12], [1]],
    ],
    [
      [5, 5, 5, 5, 1],
      [[5, 5], [5, 5], [1]],
    ],
  ])('cuts chunks of %j at ten items into %j', (items, parts) => {
    expect(sizes(items, 10)).toEqual(parts);
  });

  it('takes chunks one by one as they are needed', () => {
    let parsed = 0;
    function* chunks() {
      for (;;) {
        parsed++;
        yield chunk(6);
      }
    }
    const parts = uploadParts(chunks(), 10);
    parts.next();
    expect(parsed).toBe(2);
  });
});
