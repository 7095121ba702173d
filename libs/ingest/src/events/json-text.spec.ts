import { describe, expect, it } from '@jest/globals';
import { storableId } from './event-draft.js';
import { jsonText, wellFormed } from './json-text.js';

describe('jsonText', () => {
  it.each([
    ['nothing', null, null],
    ['not given', undefined, null],
    ['plain', { a: [1, 'ü', null, true] }, '{"a":[1,"ü",null,true]}'],
    ['numbers JSON does not know', [Number.NaN, Number.POSITIVE_INFINITY], '[null,null]'],
    ['NUL in a value', ['a\0b'], '["ab"]'],
    ['NUL in a key', { 'a\0': 1 }, '{"a":1}'],
    ['half of a pair', { a: { b: ['\ud83d'] } }, '{"a":{"b":["\uFFFD"]}}'],
    ['a whole pair', ['😀', '\0'], '["😀",""]'],
    ['a backslash before the letters of an escape', ['\\u0000'], '["\\\\u0000"]'],
  ])('%s', (_, value, expected) => {
    expect(jsonText(value)).toBe(expected);
  });
});

describe('wellFormed', () => {
  it('replaces halves of pairs and nothing else', () => {
    expect(wellFormed('a\ud800b😀\udfff')).toBe('a\uFFFDb😀\uFFFD');
  });
});

describe('storableId', () => {
  it.each([
    ['none', null, null],
    ['empty', '', null],
    ['as it is', 'x'.repeat(100), 'x'.repeat(100)],
    ['with NUL', 'a\0b', 'ab'],
  ])('%s', (_, id, expected) => {
    expect(storableId(id)).toBe(expected);
  });

  it('gives long ids apart from each other, always the same', () => {
    const [one, other] = [storableId(`${'x'.repeat(100)}1`), storableId(`${'x'.repeat(100)}2`)];
    expect(one).toHaveLength(64);
    expect(one).not.toBe(other);
    expect(storableId(`${'x'.repeat(100)}1`)).toBe(one);
  });
});
