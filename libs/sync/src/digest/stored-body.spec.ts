import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { plainBody } from './stored-body.js';

const text = Buffer.from('{"provider":"apple"}'.repeat(50_000));

describe('plainBody', () => {
  it('unpacks what was packed, in one or in several members', async () => {
    expect((await plainBody(gzipSync(text), 'gzip', text.length)).equals(text)).toBe(true);
    const members = Buffer.concat([gzipSync(text.subarray(0, 11)), gzipSync(text.subarray(11))]);
    expect((await plainBody(members, 'gzip', text.length)).equals(text)).toBe(true);
    expect(await plainBody(text, 'identity', text.length)).toBe(text);
  });

  it.each([text.length - 1, text.length + 1])('refuses a body of another size than %i', async (bytes) => {
    await expect(plainBody(gzipSync(text), 'gzip', bytes)).rejects.toThrow(/Stored body|larger than/);
  });

  it('refuses a damaged body', async () => {
    const damaged = gzipSync(text);
    damaged[damaged.length - 5]! ^= 0xff;
    await expect(plainBody(damaged, 'gzip', text.length)).rejects.toThrow(/incorrect data check/);
  });
});
