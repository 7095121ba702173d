import { expect, it } from '@jest/globals';
import { storableText } from './storable-text.js';

it.each([
  [null, 5, null],
  ['', 5, null],
  ['\0', 5, null],
  ['Watch', 5, 'Watch'],
  ['Watch7', 5, 'Watch'],
  ['😀😀😀', 3, '😀😀😀'],
  ['😀😀😀😀', 3, '😀😀😀'],
  ['a\uD800b', 5, 'a\uFFFDb'],
  ['\uDE00', 5, '\uFFFD'],
])('%j cut to %d is %j', (text, most, expected) => expect(storableText(text, most)).toBe(expected));
