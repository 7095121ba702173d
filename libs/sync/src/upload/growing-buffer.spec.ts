import { describe, expect, it } from '@jest/globals';
import { BufferPool } from './buffer-pool.js';
import { GrowingBuffer } from './growing-buffer.js';

const MIB = 1024 * 1024;

describe('GrowingBuffer', () => {
  it('holds what was appended, however wrong the guess of its size was', () => {
    for (const expected of [0, 10, 100_000, 1e9]) {
      const buffer = new GrowingBuffer(new BufferPool(), expected, 100_000);
      for (let n = 0; n < 100; n++) buffer.append(Buffer.alloc(1_000, n));
      expect(buffer.length).toBe(100_000);
      expect([buffer.bytes()[999], buffer.bytes()[1_000], buffer.bytes()[99_999]]).toEqual([0, 1, 99]);
    }
  });

  it('refuses a byte too many and keeps what it has', () => {
    const buffer = new GrowingBuffer(new BufferPool(), 0, 10);
    buffer.append(Buffer.alloc(10, 7));
    expect(() => buffer.append(Buffer.alloc(1))).toThrow(RangeError);
    expect(buffer.bytes().equals(Buffer.alloc(10, 7))).toBe(true);
  });

  it('holds nothing after its release', () => {
    const buffer = new GrowingBuffer(new BufferPool(), 10, 10);
    buffer.append(Buffer.from('secret'));
    buffer.release();
    buffer.release();
    expect(buffer.bytes()).toHaveLength(0);
  });
});

describe('BufferPool', () => {
  it('hands out what was handed back when it is large enough, the smallest first', () => {
    const pool = new BufferPool();
    const [small, large] = [pool.take(1 * MIB), pool.take(5 * MIB)];
    pool.give(large);
    pool.give(small);
    expect(pool.take(2 * MIB)).toBe(large);
    expect(pool.take(1)).toBe(small);
    expect(pool.take(1)).not.toBe(small);
  });

  it('never hands out one buffer twice', () => {
    const pool = new BufferPool();
    pool.give(pool.take(MIB));
    expect(pool.take(MIB)).not.toBe(pool.take(MIB));
  });

  it('keeps neither large buffers nor too many', () => {
    const pool = new BufferPool();
    const huge = pool.take(9 * MIB);
    pool.give(huge);
    expect(pool.take(9 * MIB)).not.toBe(huge);
    const many = Array.from({ length: 5 }, () => pool.take(8 * MIB));
    for (const buffer of many) pool.give(buffer);
    const again = Array.from({ length: 5 }, () => pool.take(8 * MIB));
    expect(again.filter((buffer) => many.includes(buffer))).toHaveLength(4);
  });
});
