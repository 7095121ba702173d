import { expect, it } from '@jest/globals';
import { originHash } from './origin-hash.js';

it.each([
  ['', -2128831035],
  ['a', -468965076],
  ['foobar', -1080231576],
])('of %j is the 32-bit FNV-1a %d', (text, hash) => expect(originHash(text)).toBe(hash));

it('tells sample ids apart', () => {
  const ids = Array.from({ length: 5000 }, (_, i) => `3F1C2D4E-0000-4000-8000-${String(i).padStart(12, '0')}`);
  expect(new Set(ids.map(originHash)).size).toBe(ids.length);
});
