import { describe, expect, it } from '@jest/globals';
import { openUpload } from './open-upload.js';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const items = (count: number, filler = ''): object[] => Array.from({ length: count }, (_, n) => ({ n, filler }));
const seen = (body: Buffer, skip?: number) =>
  [...openUpload(body).chunks(skip)].map(({ collection, startIndex, items: held }) => [
    collection,
    startIndex,
    held.length,
  ]);

describe('openUpload', () => {
  it('cuts small uploads by items', () => {
    const body = bytes({ data: { records: items(12_001), sleep: items(2), workouts: [] } });
    expect(seen(body)).toEqual([
      ['records', 0, 5_000],
      ['records', 5_000, 5_000],
      ['records', 10_000, 2_001],
      ['sleep', 0, 2],
    ]);
    expect(openUpload(body).chunkCount).toBe(4);
    expect(seen(body, 3)).toEqual([['sleep', 0, 2]]);
    expect([...openUpload(body).chunks(2)][0]?.items[0]).toEqual({ n: 10_000, filler: '' });
  });

  it('cuts large uploads too, and loses nothing', () => {
    const body = bytes({ data: { records: items(6_000, 'x'.repeat(1_000)), sleep: items(3) } });
    const chunks = seen(body);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.filter(([name]) => name === 'records').reduce((sum, [, , held]) => sum + Number(held), 0)).toBe(
      6_000,
    );
    expect(seen(body, chunks.length - 1)).toEqual([['sleep', 0, 3]]);
    expect(openUpload(body).chunkCount).toBe(chunks.length);
  });

  it.each([{}, { data: null }, { data: 7 }, { data: [] }, { data: { records: null, sleep: {} } }])(
    'finds no items in %j',
    (upload) => {
      expect(seen(bytes(upload))).toEqual([]);
      expect(openUpload(bytes(upload)).envelope).toEqual(upload);
    },
  );
});
