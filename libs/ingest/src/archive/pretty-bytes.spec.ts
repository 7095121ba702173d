import { expect, it } from '@jest/globals';
import { prettyBytes } from './pretty-bytes.js';

it.each([
  [0, '0 B'],
  [512, '512 B'],
  [1023, '1023 B'],
  [1024, '1.00 KB'],
  [1536, '1.50 KB'],
  [3 * 1024 ** 3, '3.00 GB'],
  [2048 * 1024 ** 5, '2048.00 PB'],
])('%d bytes are %s', (bytes, text) => expect(prettyBytes(bytes)).toBe(text));
