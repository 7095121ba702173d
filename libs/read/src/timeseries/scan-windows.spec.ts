import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY, HOUR, SECOND } from '#libs/model';
import { scanWindows } from './scan-windows.js';

const YEARS = { from: 0, to: 8 * 365 * DAY };

describe('the windows of a scan', () => {
  it('cover the range without gaps or overlaps, in both directions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 * DAY }),
        fc.integer({ min: 1, max: 3000 * DAY }),
        fc.boolean(),
        fc.double({ min: 1e-14, max: 1e-3, noNaN: true }),
        (from, length, isBackward, density) => {
          const range = { from, to: from + length };
          const windows = [...scanWindows(range, isBackward, 100, density)];
          if (isBackward) windows.reverse();
          expect([windows[0]!.from, windows.at(-1)!.to]).toEqual([range.from, range.to]);
          expect(windows.slice(1).map((window) => window.from)).toEqual(windows.slice(0, -1).map(({ to }) => to));
          expect(windows.every((window) => window.to > window.from)).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['a sample a minute', 1 / (60 * SECOND), 101, 2 * 101 * 60 * SECOND],
    ['a sample a second', 1 / SECOND, 51, HOUR],
    ['a sample a week', 1 / (7 * DAY), 11, 154 * DAY],
    ['more than there are', 1 / (30 * DAY), 101, YEARS.to],
  ])('begin as long as the rows need: %s', (_, density, wanted, expected) => {
    const [first] = scanWindows(YEARS, false, wanted, density);
    expect(first).toEqual({ from: 0, to: expected });
    const [last] = scanWindows(YEARS, true, wanted, density);
    expect(last).toEqual({ from: YEARS.to - expected, to: YEARS.to });
  });

  it('are few however long the range', () => {
    expect([...scanWindows(YEARS, false, 1, 1)].length).toBeLessThanOrEqual(7);
    expect([...scanWindows({ from: 0, to: 0 }, false, 1, 1)]).toEqual([]);
  });
});
