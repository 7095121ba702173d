import { describe, expect, it } from '@jest/globals';
import { roundHalfEven, roundTenthHalfEven } from './rounding.js';

describe('rounding', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [2.500001, 3],
    [-0.5, 0],
    [-1.5, -2],
    [72, 72],
  ])('%d to a whole number is %d', (x, rounded) => expect(roundHalfEven(x)).toBe(rounded));

  it.each([
    [0.25, 0.2],
    [0.75, 0.8],
    [40.25, 40.2],
    // Not ties: the binary numbers lie a little below and above.
    [0.35, 0.3],
    [0.45, 0.5],
    [2.675, 2.7],
    [24.691358, 24.7],
    [36.6, 36.6],
  ])('%d to a tenth is %d', (x, rounded) => expect(roundTenthHalfEven(x)).toBe(rounded));
});
