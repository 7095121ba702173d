import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant } from '#libs/model';
import { headerInstant, hmacMatches, isWithin, textMatches } from './signatures.js';

describe('signatures', () => {
  const body = Buffer.from('{"a":1}');
  const sign = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64');

  it('accept exactly the HMAC of the parts in order', () => {
    const good = sign('key', '17{"a":1}');
    expect(hmacMatches(good, 'key', ['17', body], 'base64')).toBe(true);
    expect(hmacMatches(good, 'other', ['17', body], 'base64')).toBe(false);
    expect(hmacMatches(good, 'key', [body, '17'], 'base64')).toBe(false);
    expect(hmacMatches(good, 'key', ['17', body], 'hex')).toBe(false);
  });

  it.each([undefined, ''])('refuse what is missing: %j', (given) => {
    expect(hmacMatches(given, 'key', [body], 'hex')).toBe(false);
    expect(textMatches(given, given ?? null)).toBe(false);
  });

  it('never accept an empty key', () => {
    expect(hmacMatches(sign('', '{"a":1}'), '', [body], 'base64')).toBe(false);
    expect(hmacMatches(sign('', '{"a":1}'), null, [body], 'base64')).toBe(false);
  });

  it('read timestamps in seconds and in milliseconds', () => {
    const instant = parseIsoInstant('2026-03-10T08:00:00Z');
    expect(headerInstant('1773129600')).toBe(instant);
    expect(headerInstant('1773129600000')).toBe(instant);
    for (const text of [undefined, '', '12a', '-5', '1e9', ' 17']) expect(headerInstant(text)).toBeNull();
    expect([isWithin(300, 0, 300_000_000), isWithin(300, 301_000_000, 0)]).toEqual([true, false]);
  });
});
