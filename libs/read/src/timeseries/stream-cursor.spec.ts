import { describe, expect, it } from '@jest/globals';
import { streamPosition, streamUuid } from './stream-cursor.js';

describe('a stream in a cursor', () => {
  it.each([
    [1, '00000000-0000-4000-8000-000000000001'],
    [255, '00000000-0000-4000-8000-0000000000ff'],
    [2 ** 31 - 1, '00000000-0000-4000-8000-00007fffffff'],
  ])('%d is %s', (streamId, uuid) => {
    expect(streamUuid(streamId)).toBe(uuid);
    expect(streamPosition(uuid)).toBe(streamId);
  });

  it.each([
    ['00000000-0000-0000-0000-000000000000', -1],
    ['00000000-0000-4000-7fff-ffffffffffff', -1],
    ['00000000-0000-4000-8000-000080000000', 2 ** 31],
    ['00000000-0000-4000-8000-ffffffffffff', 2 ** 31],
    ['3f1c2d1e-0a4b-4f6e-9a55-3b1d7c2e9f10', 2 ** 31],
  ])('the foreign %s has its place at %d', (uuid, position) => expect(streamPosition(uuid)).toBe(position));
});
