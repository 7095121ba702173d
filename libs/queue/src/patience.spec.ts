import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withinPatience } from './patience.js';

describe('withinPatience', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('passes answers and errors on', async () => {
    await expect(withinPatience(Promise.resolve(7), 10)).resolves.toBe(7);
    await expect(withinPatience(Promise.reject(new Error('no')), 10)).rejects.toThrow('no');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives up on work that does not end, and does not mind how it ends later', async () => {
    let fail: (error: Error) => void = () => undefined;
    const work = withinPatience(new Promise((_, reject) => (fail = reject)), 10);
    const outcome = expect(work).rejects.toThrow('does not answer within 10 ms');
    await jest.advanceTimersByTimeAsync(10);
    await outcome;
    fail(new Error('too late'));
  });
});
