import { expect, it } from '@jest/globals';
import { utf8Text } from './utf8-text.js';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

it.each([
  ['plain', 'plain'],
  [bytes('Ann’s Watch 😀'), 'Ann’s Watch 😀'],
  [bytes('mL/min·kg'), 'mL/min·kg'],
  // A reference to é between raw ASCII, and a reference beyond one byte beside raw UTF-8.
  ['caf\u00e9 au', 'café au'],
  [`\u2019${bytes('ü')}`, '’ü'],
])('%j is %j', (given, expected) => expect(utf8Text(given)).toBe(expected));
