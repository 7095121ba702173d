import { describe, expect, it } from '@jest/globals';
import { indexUnique, shape } from './json-table.js';

const row = shape.object({
  code: shape.text,
  range: shape.nullable(shape.pair(shape.number)),
  on: shape.optional(shape.flag),
});

describe('table shapes', () => {
  it('let good rows through', () =>
    expect(
      shape.list(row)(
        [
          { code: 'a', range: [1, 2] },
          { code: 'b', range: null, on: true },
        ],
        't',
      ),
    ).toHaveLength(2));

  it.each([
    [{}, 't: expected a list'],
    [[null], 't[0]: expected an object'],
    [[{ code: '', range: null }], 't[0].code: expected a text'],
    [[{ code: 'a', range: [1] }], 't[0].range: expected a pair'],
    [[{ code: 'a', range: [1, 'x'] }], 't[0].range[1]: expected a number'],
    [[{ code: 'a', range: null, on: 1 }], 't[0].on: expected true or false'],
    [[{ code: 'a', range: null, extra: 1 }], 't[0].extra: expected no such key'],
  ])('name the place of a mistake in %j', (value, message) =>
    expect(() => shape.list(row)(value, 't')).toThrow(message),
  );

  it('refuse values outside an enumeration, non-objects and double keys', () => {
    expect(() => shape.oneOf('a', 'b')('c', 't')).toThrow('t: expected one of a, b');
    expect(() => shape.record(shape.text)([], 't')).toThrow('t: expected an object');
    expect(() => indexUnique(['x', 'x'], (item) => item)).toThrow('duplicate key x');
  });
});
