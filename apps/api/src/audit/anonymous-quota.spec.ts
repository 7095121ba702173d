import { describe, expect, it } from '@jest/globals';
import { AnonymousQuota } from './anonymous-quota.js';

describe('AnonymousQuota', () => {
  it('gives each address its own, and anew each minute', () => {
    const quota = new AnonymousQuota();
    const take = (count: number, address: string, now: number): number =>
      Array.from({ length: count }, () => quota.take(address, now)).filter(Boolean).length;
    expect(take(50, 'a', 0)).toBe(30);
    expect(take(5, 'b', 1000)).toBe(5);
    expect(take(50, 'a', 59_999)).toBe(0);
    expect(take(50, 'a', 60_000)).toBe(30);
  });

  it('holds no more than it can', () => {
    const quota = new AnonymousQuota();
    for (let address = 0; address < 10_000; address++) quota.take(String(address), 0);
    expect(quota.take('one more', 0)).toBe(false);
    expect(quota.take('5', 0)).toBe(true);
  });
});
