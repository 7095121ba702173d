import { describe, expect, it } from '@jest/globals';
import { oneOf } from './scalar.kinds.js';
import { listOf, objectOf, taggedUnion } from './structured.kinds.js';
import { readDto } from './read-dto.js';
import { WireBool, WireInt, WireList, WireMap, WireObject, WireString } from './wire.js';
import { WireProblem } from './wire-problem.js';
import { WireRule } from './wire-rule.js';

class Paging {
  @WireInt({ min: 1, default: 1 })
  page!: number;
}

class Inner {
  @WireInt()
  count!: number;
}

@WireRule<Sample>(({ low, high }) => (low !== undefined && high !== undefined && low > high ? 'low above high' : null))
class Sample extends Paging {
  @WireString({ max: 3 })
  firstName!: string;

  @WireString({ optional: true, nullable: true })
  note?: string | null;

  @WireString({ nullable: true, default: 'Default' })
  title!: string;

  @WireString({ optional: true, blankIsAbsent: true })
  search?: string;

  @WireBool({ name: 'isOn', default: false })
  isOn!: boolean;

  @WireList(oneOf(['a', 'b']), { optional: true, max: 2 })
  letters?: ('a' | 'b')[];

  @WireObject(() => Inner, { optional: true })
  inner?: Inner;

  @WireMap({ optional: true })
  extra?: object;

  @WireInt({ optional: true })
  low?: number;

  @WireInt({ optional: true })
  high?: number;
}

const problem = (raw: unknown): [string, readonly (string | number)[]] | null => {
  const read = readDto(Sample, raw);
  return read instanceof WireProblem ? [read.message, read.location] : null;
};

describe('readDto', () => {
  it('coerces, fills defaults, keeps null apart from absent and drops unknown keys', () => {
    const read = readDto(Sample, {
      page: '2',
      first_name: 'Ann',
      note: null,
      title: null,
      search: '',
      isOn: 'yes',
      inner: { count: '7', other: 1 },
      unknown: 1,
    }) as Sample;
    expect(read).toBeInstanceOf(Sample);
    expect(read).toEqual({
      page: 2,
      firstName: 'Ann',
      note: null,
      title: 'Default',
      isOn: true,
      inner: { count: 7 },
    });
    expect(read.inner).toBeInstanceOf(Inner);
    expect('unknown' in read).toBe(false);
  });

  it('takes a map as it came', () => {
    const extra = { constructor: 1, nested: { deep: [1, { x: null }] } };
    expect((readDto(Sample, { first_name: 'a', extra }) as Sample).extra).toBe(extra);
  });

  it('survives keys made to confuse', () => {
    const raw: unknown = JSON.parse('{"first_name": {"constructor": 1}, "__proto__": {"page": 9}, "then": 1}');
    expect(problem(raw)).toEqual(['Input should be a valid string', ['first_name']]);
  });

  it.each<[unknown, string, (string | number)[]]>([
    [{}, 'Field required', ['first_name']],
    [{ page: 0 }, 'Input should be greater than or equal to 1', ['page']],
    [{ first_name: 'long' }, 'String should have at most 3 characters', ['first_name']],
    [{ first_name: null }, 'Input should be a valid string', ['first_name']],
    [{ first_name: 'a', letters: 'a' }, 'Input should be a valid list', ['letters']],
    [{ first_name: 'a', letters: ['a', 'x'] }, "Input should be 'a' or 'b'", ['letters', 1]],
    [
      { first_name: 'a', letters: ['a', 'b', 'a'] },
      'List should have at most 2 items after validation, not 3',
      ['letters'],
    ],
    [{ first_name: 'a', inner: {} }, 'Field required', ['inner', 'count']],
    [{ first_name: 'a', inner: 5 }, 'Input should be a valid dictionary or object to extract fields from', ['inner']],
    [{ first_name: 'a', extra: [] }, 'Input should be a valid dictionary', ['extra']],
    [{ first_name: 'a', low: 2, high: 1 }, 'Value error, low above high', []],
    ['text', 'Input should be a valid dictionary or object to extract fields from', []],
    [[], 'Input should be a valid dictionary or object to extract fields from', []],
  ])('of %j reports the first problem in declared order', (raw, message, location) => {
    expect(problem(raw)).toEqual([message, location]);
  });
});

describe('structured kinds', () => {
  it('reports the place of a bad item', () => {
    const read = listOf(
      objectOf(() => Inner),
      { min: 1 },
    ).read([{ count: 1 }, { count: 'x' }]) as WireProblem;
    expect(read.location).toEqual([1, 'count']);
  });

  it('counts items', () => {
    const read = listOf(oneOf(['a']), { min: 1 }).read([]) as WireProblem;
    expect(read.message).toBe('List should have at least 1 item after validation, not 0');
  });

  it('chooses by tag', () => {
    const union = taggedUnion('eventType', { inner: Inner, paging: Paging });
    expect(union.read({ eventType: 'inner', count: 3 })).toEqual({ count: 3 });
    expect((union.read({ eventType: 'x' }) as WireProblem).message).toBe(
      "Input tag 'x' found using 'eventType' does not match any of the expected tags: 'inner', 'paging'",
    );
    expect((union.read({}) as WireProblem).message).toBe("Unable to extract tag using discriminator 'eventType'");
    expect((union.read({ eventType: 'toString' }) as WireProblem).type).toBe('union_tag_invalid');
    expect(union.read(null)).toBeInstanceOf(WireProblem);
  });
});
