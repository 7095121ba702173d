import { describe, expect, it } from '@jest/globals';
import { retryDelaySeconds, wishedSeconds } from './schedule.js';

const NOW = new Date('2026-05-14T08:00:00Z');
const failed = (statusCode: number, rest: { isTimeout?: boolean; retryAfter?: string } = {}) => ({
  statusCode,
  isTimeout: rest.isTimeout ?? false,
  retryAfter: rest.retryAfter,
});

describe('retryDelaySeconds', () => {
  it('follows the schedule', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => retryDelaySeconds(attempts, failed(500), NOW, 0.5));
    expect(delays).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, null]);
  });

  it('strays by a fifth', () => {
    expect(retryDelaySeconds(2, failed(500), NOW, 0)).toBeCloseTo(240);
    expect(retryDelaySeconds(2, failed(500), NOW, 1)).toBeCloseTo(360);
  });

  it.each([
    [failed(429), 60],
    [failed(0, { isTimeout: true }), 60],
    [failed(0), 5],
    [failed(503, { retryAfter: '120' }), 120],
    [failed(503, { retryAfter: '1' }), 5],
    [failed(503, { retryAfter: 'Thu, 14 May 2026 08:10:00 GMT' }), 600],
    [failed(503, { retryAfter: '999999999' }), 86_400],
    [failed(503, { retryAfter: 'soon' }), 5],
  ])('after %j waits %i s', (attempt, seconds) => {
    expect(retryDelaySeconds(1, attempt, NOW, 0.5)).toBe(seconds);
  });
});

it.each([
  [undefined, 0],
  ['', 0],
  ['-5', 0],
  ['1.5', 0],
  [' 7 ', 7],
  ['Thu, 14 May 2026 07:00:00 GMT', 0],
])('wishedSeconds(%j) is %i', (text, seconds) => {
  expect(wishedSeconds(text, NOW)).toBe(seconds);
});
