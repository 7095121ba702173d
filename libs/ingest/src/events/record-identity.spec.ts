import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameRecord, lastOfEach, matchStored, type Identifiable } from './record-identity.js';

interface Named extends Identifiable {
  readonly name: string;
}
const record = (name: string, externalId: string | null, startedAt: number, scope = 's'): Named => ({
  name,
  scope,
  externalId,
  startedAt,
  endedAt: startedAt + 60,
});
const shown = (records: readonly Named[]): string[] => records.map((one) => `${one.name}:${one.externalId}`);

describe('isSameRecord', () => {
  it.each<[string, Named, Named, boolean]>([
    ['equal ids at other times', record('a', 'x', 0), record('b', 'x', 9), true],
    ['other ids at equal times', record('a', 'x', 0), record('b', 'y', 0), false],
    ['one id missing, equal times', record('a', 'x', 0), record('b', null, 0), true],
    ['no ids, equal times', record('a', null, 0), record('b', null, 0), true],
    ['no ids, other times', record('a', null, 0), record('b', null, 1), false],
    ['another scope', record('a', 'x', 0), record('b', 'x', 0, 't'), false],
  ])('%s', (_, a, b, expected) => {
    expect(isSameRecord(a, b)).toBe(expected);
    expect(isSameRecord(b, a)).toBe(expected);
  });
});

describe('lastOfEach', () => {
  it.each<[string, Named[], string[]]>([
    [
      'keeps the order of first appearance',
      [record('a', 'x', 0), record('b', 'y', 9), record('c', 'x', 3)],
      ['c:x', 'b:y'],
    ],
    ['takes an id over', [record('a', null, 0), record('b', 'x', 0)], ['b:x']],
    ['keeps an id', [record('a', 'x', 0), record('b', null, 0)], ['b:x']],
    [
      'follows a record that moves',
      [record('a', 'x', 0), record('b', 'x', 9), record('c', null, 9), record('d', null, 0)],
      ['c:x', 'd:null'],
    ],
    [
      'lets one record without id adopt one id',
      [record('a', null, 0), record('b', 'x', 0), record('c', 'y', 0)],
      ['b:x', 'c:y'],
    ],
  ])('%s', (_, records, expected) => {
    expect(shown(lastOfEach(records))).toEqual(expected);
  });

  it('never leaves two of one id, nor two of equal times without ids', () => {
    const anyRecord = fc
      .record({ id: fc.constantFrom(null, 'x', 'y'), at: fc.integer({ min: 0, max: 3 }) })
      .map(({ id, at }) => record('n', id, at));
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 12 }), (records) => {
        const kept = lastOfEach(records);
        const keys = kept.map((one) => one.externalId ?? one.startedAt);
        expect(new Set(keys).size).toBe(kept.length);
      }),
    );
  });
});

describe('matchStored', () => {
  const match = (records: Named[], stored: Named[]) => {
    const found = matchStored(records, stored);
    return records.map((one) => found.get(one)?.name ?? null);
  };

  it.each<[string, Named[], Named[], (string | null)[]]>([
    ['by id, wherever it moved', [record('a', 'x', 9)], [record('s', 'x', 0)], ['s']],
    [
      'by times when one side has no id',
      [record('a', 'x', 0), record('b', null, 5)],
      [record('s', null, 0), record('t', 'y', 5)],
      ['s', 't'],
    ],
    ['not by times when the ids differ', [record('a', 'x', 0)], [record('s', 'y', 0)], [null]],
    [
      'one without an id rather than one with',
      [record('a', null, 0)],
      [record('s', 'y', 0), record('t', null, 0)],
      ['t'],
    ],
    [
      'what arrives where another left is new',
      [record('a', null, 0), record('b', 'x', 9)],
      [record('s', 'x', 0)],
      [null, 's'],
    ],
    ['each stored record once', [record('a', 'x', 0), record('b', 'y', 0)], [record('s', null, 0)], ['s', null]],
  ])('%s', (_, records, stored, expected) => {
    expect(match(records, stored)).toEqual(expected);
  });
});
