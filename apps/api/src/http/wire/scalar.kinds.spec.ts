import { describe, expect, it } from '@jest/globals';
import { decimal, flag, integer, oneOf } from './scalar.kinds.js';
import { WireProblem } from './wire-problem.js';

const outcome = (read: unknown): unknown => (read instanceof WireProblem ? read.message : read);

const UNPARSABLE = 'Input should be a valid integer, unable to parse string as an integer';
const FRACTION = 'Input should be a valid integer, got a number with a fractional part';

describe('integer', () => {
  it.each<[unknown, unknown]>([
    ['5', 5],
    [' 5 ', 5],
    ['5.0', 5],
    ['-0', 0],
    ['+7', 7],
    [5.0, 5],
    [true, 1],
    [false, 0],
    ['', UNPARSABLE],
    ['5.5', UNPARSABLE],
    ['1e3', UNPARSABLE],
    ['0x10', UNPARSABLE],
    ['99999999999999999999', UNPARSABLE],
    [5.5, FRACTION],
    [null, 'Input should be a valid integer'],
    [{}, 'Input should be a valid integer'],
    [[], 'Input should be a valid integer'],
    [1e300, 'Input should be a valid integer'],
  ])('reads %j as %j', (raw, expected) => {
    expect(outcome(integer().read(raw))).toBe(expected);
  });

  it('holds to its bounds, which are inclusive', () => {
    const limit = integer({ min: 1, max: 100 });
    expect([limit.read('1'), limit.read('100')]).toEqual([1, 100]);
    expect(outcome(limit.read('0'))).toBe('Input should be greater than or equal to 1');
    expect(outcome(limit.read('101'))).toBe('Input should be less than or equal to 100');
  });
});

describe('decimal', () => {
  it.each<[unknown, unknown]>([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['-2e3', -2000],
    [3, 3],
    [true, 1],
    ['1e999', 'Input should be a finite number'],
    ['nan', 'Input should be a valid number, unable to parse string as a number'],
    ['', 'Input should be a valid number, unable to parse string as a number'],
    [null, 'Input should be a valid number'],
  ])('reads %j as %j', (raw, expected) => {
    expect(outcome(decimal().read(raw))).toBe(expected);
  });
});

describe('flag', () => {
  it.each(['true', '1', 'YES', 'y', 'On', 't', true, 1])('takes %j for true', (raw) => {
    expect(flag().read(raw)).toBe(true);
  });

  it.each(['false', '0', 'No', 'n', 'OFF', 'f', false, 0])('takes %j for false', (raw) => {
    expect(flag().read(raw)).toBe(false);
  });

  it.each(['', '2', 'maybe', null, {}, 2])('refuses %j', (raw) => {
    expect(outcome(flag().read(raw))).toBe('Input should be a valid boolean, unable to interpret input');
  });
});

describe('oneOf', () => {
  it('takes its values exactly and names all of them otherwise, in declared order', () => {
    expect(oneOf(['a', 'b', 'c']).read('b')).toBe('b');
    expect(outcome(oneOf(['a', 'b', 'c']).read('A'))).toBe("Input should be 'a', 'b' or 'c'");
    expect(outcome(oneOf(['a', 'b']).read(''))).toBe("Input should be 'a' or 'b'");
    expect(outcome(oneOf(['a']).read(null))).toBe("Input should be 'a'");
  });
});
