import { describe, expect, it } from '@jest/globals';
import { ByteBudget } from './byte-budget.js';

describe('ByteBudget', () => {
  it('refuses what does not fit beside others and grants it once they are done', () => {
    const budget = new ByteBudget(100);
    const [first, second] = [budget.lease(), budget.lease()];
    expect(first.growTo(60)).toBe(true);
    expect(second.growTo(40)).toBe(true);
    expect(second.growTo(41)).toBe(false);
    first.release();
    expect(second.growTo(100)).toBe(true);
  });

  it('lets in whoever is alone, however large', () => {
    const budget = new ByteBudget(100);
    const only = budget.lease();
    expect(only.growTo(50)).toBe(true);
    expect(only.growTo(5_000)).toBe(true);
    expect(budget.lease().growTo(1)).toBe(false);
  });

  it('counts a lease once, however often it is raised or released', () => {
    const budget = new ByteBudget(100);
    const lease = budget.lease();
    lease.growTo(80);
    lease.growTo(30);
    lease.release();
    lease.release();
    const [one, other] = [budget.lease(), budget.lease()];
    expect(one.growTo(100)).toBe(true);
    expect(other.growTo(1)).toBe(false);
  });

  it('lets those who wait in as soon as they fit, the longest waiting first', async () => {
    const budget = new ByteBudget(100);
    const [holder, large, small] = [budget.lease(), budget.lease(), budget.lease()];
    holder.growTo(90);
    const order: string[] = [];
    const waits = [
      large.waitToGrowTo(80, 10_000).then((hasRoom) => order.push(`large ${hasRoom}`)),
      small.waitToGrowTo(40, 10_000).then((hasRoom) => order.push(`small ${hasRoom}`)),
    ];
    holder.release();
    await waits[0];
    expect(order).toEqual(['large true']);
    large.release();
    await waits[1];
    expect(order).toEqual(['large true', 'small true']);
  });

  it('does not wait where there is room, and not for ever', async () => {
    const budget = new ByteBudget(100);
    const [holder, other] = [budget.lease(), budget.lease()];
    expect(await holder.waitToGrowTo(90, 0)).toBe(true);
    expect(await other.waitToGrowTo(11, 1)).toBe(false);
    holder.release();
    expect(other.growTo(100)).toBe(true);
  });
});
