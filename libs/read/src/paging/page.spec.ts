import { describe, expect, it } from '@jest/globals';
import { decodeCursor, type KeysetCursor } from './cursor.js';
import { sliceOf } from './page.js';

const at = (minute: number): string => `2026-01-01T00:0${minute}:00Z`;
const rows = (...minutes: number[]): { at: string; id: string }[] => minutes.map((m) => ({ at: at(m), id: `id-${m}` }));
const forward: KeysetCursor = { at: 0, id: '', isBackward: false };
const backward: KeysetCursor = { at: 0, id: '', isBackward: true };
const place = (cursor: string | null): string | null => cursor && decodeCursor(cursor, 2).fields[1]!;

describe('a page out of a scan', () => {
  it.each([
    ['first page with more', null, [1, 2, 3], [1, 2], 'id-2', null, true],
    ['first page without more', null, [1, 2], [1, 2], null, null, false],
    ['nothing at all', null, [], [], null, null, false],
    ['next page with more', forward, [4, 5, 6], [4, 5], 'id-5', 'id-4', true],
    ['last page', forward, [4], [4], null, 'id-4', false],
    ['behind the last page', forward, [], [], null, null, false],
    ['backward with more before', backward, [6, 5, 4], [5, 6], 'id-6', 'id-5', true],
    ['backward to the first page', backward, [2, 1], [1, 2], 'id-2', null, false],
    ['before the first page', backward, [], [], null, null, false],
  ] as const)('%s', (_, cursor, scanned, shown, next, previous, hasMore) => {
    const slice = sliceOf(rows(...scanned), 2, cursor, (row) => row);
    expect(slice.rows).toEqual(rows(...shown));
    expect([place(slice.nextCursor), place(slice.previousCursor), slice.hasMore]).toEqual([next, previous, hasMore]);
  });

  it('writes the instant with an offset and marks the backward cursor', () => {
    const slice = sliceOf([{ at: '2026-01-01T00:00:00.000120Z', id: 'x' }], 1, forward, (row) => row);
    expect(slice.previousCursor).toMatch(/^prev_/);
    expect(decodeCursor(slice.previousCursor!, 2)).toEqual({
      fields: ['2026-01-01T00:00:00.000120+00:00', 'x'],
      isBackward: true,
    });
  });
});
