import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { multiplyDecimal, roundDecimal, roundValue, storableValue } from './decimal.js';

describe('roundValue', () => {
  it.each([
    [1.0005, 1.001],
    [-1.0005, -1.001],
    [1.00049, 1],
    [2.0015, 2.002],
    [1234567.0005, 1234567.001],
    [9999999.9994, 9999999.999],
    [0.0005, 0.001],
    [0.00049999999, 0],
    [-0.0001, 0],
    [-0, 0],
    [1e-7, 0],
    [72, 72],
    [1e21, 1e21],
    [0.1 + 0.2, 0.3],
    [1234567890123.0625, 1234567890123.063],
  ])('rounds %d to %d', (value, rounded) => expect(roundValue('heart_rate', value)).toBe(rounded));

  it('leaves coordinates alone', () => {
    expect(roundValue('latitude', 48.13719876)).toBe(48.13719876);
    expect(roundValue('longitude', -0.00012345)).toBe(-0.00012345);
  });

  it('agrees with rounding on the decimal text, for any decimal of up to nine places', () => {
    const decimals = fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 999_999_999 }));
    fc.assert(
      fc.property(decimals, ([whole, fraction]) => {
        const digits = String(fraction).padStart(9, '0');
        const sign = whole < 0 ? -1 : 1;
        const thousandths =
          BigInt(Math.abs(whole)) * 1000n + BigInt(digits.slice(0, 3)) + (digits[3]! >= '5' ? 1n : 0n);
        const expected = (sign * Number(thousandths)) / 1000;
        expect(roundDecimal(Number(`${whole}.${digits}`)) + 0).toBe(expected + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds to other numbers of digits', () => {
    expect(roundDecimal(1.005, 2)).toBe(1.01);
    expect(roundDecimal(2.5, 0)).toBe(3);
    expect(roundDecimal(-2.5, 0)).toBe(-3);
  });
});

describe('multiplyDecimal', () => {
  it.each([
    [0.010005, 100, 1.0005],
    [1.000005, 100, 100.0005],
    [-0.010005, 100, -1.0005],
    [0.97, 100, 97],
    [5.5, 18.0182, 99.1001],
    [1e-9, 100000, 0.0001],
  ])('%d x %d rounds like %d', (value, factor, product) =>
    expect(roundDecimal(multiplyDecimal(value, factor))).toBe(roundDecimal(product)),
  );

  it('keeps what is no number', () => expect(multiplyDecimal(Infinity, 2)).toBe(Infinity));
});

describe('storableValue', () => {
  it.each([
    [9999999.9994, 9999999.999],
    [9999999.9995, null],
    [-10_000_000, null],
    [Infinity, null],
    [NaN, null],
    [-42.5, -42.5],
  ])('%d -> %j', (value, stored) => expect(storableValue('steps', value)).toBe(stored));
});
