import { describe, expect, it } from '@jest/globals';
import { seriesTypeByCode } from '#libs/model';
import type { PointRow } from './point-row.js';
import { oneRowPerStart } from './same-start.js';

const row = (recordedAt: number, value: number, fields: Partial<PointRow> = {}): PointRow => ({
  recordedAt,
  value,
  endedAt: null,
  originHash: null,
  zoneOffset: null,
  localDay: 0,
  origin: { collection: 'records', index: 0 },
  ...fields,
});

const kept = (code: string, ...rows: PointRow[]): number[] => {
  const stream = { sourceId: 'source', series: seriesTypeByCode(code)!, isDailyTotal: false };
  return oneRowPerStart({ stream, rows }).map(({ value }) => value);
};

describe('oneRowPerStart', () => {
  it('sorts by time', () => expect(kept('heart_rate', row(3, 1), row(1, 2), row(2, 3))).toEqual([2, 3, 1]));

  it('keeps ordered rows as they are', () => {
    const rows = [row(1, 1), row(2, 2)];
    const stream = { sourceId: 'source', series: seriesTypeByCode('steps')!, isDailyTotal: false };
    expect(oneRowPerStart({ stream, rows })).toBe(rows);
  });

  it('lets the last delivery win', () => {
    expect(kept('heart_rate', row(1, 1), row(2, 2), row(1, 3, { endedAt: 2 }), row(1, 4))).toEqual([4, 2]);
  });

  it('keeps the longest of different samples of a summed series', () => {
    const [short, long, longest] = [2, 5, 9].map((endedAt) => row(1, endedAt, { endedAt, originHash: endedAt }));
    expect(kept('steps', short!, longest!, long!)).toEqual([9]);
    expect(kept('steps', longest!, { ...longest!, endedAt: 3, value: 3 })).toEqual([3]);
    expect(kept('steps', row(1, 7, { originHash: 7 }), short!)).toEqual([2]);
    expect(kept('steps', short!, row(1, 7, { originHash: 7 }))).toEqual([2]);
  });
});
