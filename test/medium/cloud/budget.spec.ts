import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RequestBudgets } from '#libs/cloud';
import type { RequestBudget } from '#libs/providers/kit';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';

const LIMIT = { requests: 100, perSeconds: 60 };
const START = Date.parse('2031-05-02T06:00:00Z');

describe('the budget of requests', () => {
  let database: TestDatabase;
  let budgets: RequestBudgets;

  beforeAll(async () => {
    database = await openTestDatabase();
    budgets = new RequestBudgets(database.db);
  });

  afterAll(() => database.close());

  /** When each of so many requests, all wanted at the same moment, may go out. */
  const sentAt = async (provider: string, count: number): Promise<number[]> => {
    const now = new Date(START);
    const takes = Array.from({ length: count }, () => budgets.take(provider, [LIMIT], 1e9, now));
    return (await Promise.all(takes)).map(({ waitSeconds }) => waitSeconds).sort((a, b) => a - b);
  };

  it('never lets more out in any minute than the vendor allows, however many ask together', async () => {
    const times = await sentAt('whoop', 400);
    for (const [index, from] of times.entries()) {
      const within = times.filter((at, place) => place >= index && at < from + LIMIT.perSeconds).length;
      expect(within).toBeLessThanOrEqual(LIMIT.requests);
    }
    expect(times.filter((at) => at === 0).length).toBeGreaterThan(10);
    // And it is used: four minutes' worth is out in little more than four minutes.
    expect(times.at(-1)).toBeLessThan(310);
  });

  it('keeps a thousand connections that want more than the vendor allows below its limit, and lets all of them in', async () => {
    const [connections, everyMs, minutes] = [1000, 750_000, 20];
    const asks = Array.from({ length: connections }, (_, n) => ({ n, atMs: START + (n * everyMs) / connections }));
    const sentMs: number[] = [];
    const served = new Set<number>();
    // In the order of time; an ask that is put off comes back when it was told to.
    for (let next = asks.shift(); next && next.atMs < START + minutes * 60_000; next = asks.shift()) {
      const { waitSeconds, isTaken } = await budgets.take('garmin', [LIMIT], 60, new Date(next.atMs));
      const goesMs = next.atMs + waitSeconds * 1000;
      if (isTaken) {
        // The way to the vendor takes one request longer than another.
        sentMs.push(goesMs + ((next.n * 37) % 200));
        served.add(next.n);
      }
      const again = { n: next.n, atMs: isTaken ? next.atMs + everyMs : goesMs };
      const place = asks.findIndex(({ atMs }) => atMs > again.atMs);
      asks.splice(place === -1 ? asks.length : place, 0, again);
    }
    sentMs.sort((a, b) => a - b);
    let [most, from] = [0, 0];
    for (const [to, atMs] of sentMs.entries()) {
      while (sentMs[from]! <= atMs - LIMIT.perSeconds * 1000) from++;
      most = Math.max(most, to - from + 1);
    }
    expect(most).toBeLessThanOrEqual(LIMIT.requests);
    expect(served.size).toBe(connections);
    // In the long run it is what is left of the limit after the share for bursts: none of it lies idle.
    expect(sentMs.length / minutes).toBeGreaterThan(75);
  });

  it('does not make anybody wait longer than they will, and charges nothing then', async () => {
    await sentAt('oura', 30);
    const now = new Date(START);
    for (let time = 0; time < 3; time++) {
      expect(await budgets.take('oura', [LIMIT], 0, now)).toMatchObject({ isTaken: false });
    }
    const { waitSeconds, isTaken } = await budgets.take('oura', [LIMIT], 1e9, now);
    expect([isTaken, waitSeconds < 15]).toEqual([true, true]);
  });

  it('fills up again, and holds still when the vendor asks for it', async () => {
    await sentAt('strava', 40);
    const later = new Date(START + 60_000);
    expect(await budgets.take('strava', [LIMIT], 0, later)).toEqual({ waitSeconds: 0, isTaken: true });
    await budgets.block('strava', [LIMIT], 30, later);
    const { waitSeconds } = await budgets.take('strava', [LIMIT], 1e9, later);
    expect(waitSeconds).toBeCloseTo(30, 3);
    expect(await budgets.take('strava', [LIMIT], 0, new Date(START + 91_000))).toMatchObject({ isTaken: true });
  });

  describe('as the vendor tells it', () => {
    const [QUARTER, DAY] = [900, 86_400];
    const declared = [
      { requests: 200, perSeconds: QUARTER },
      { requests: 2000, perSeconds: DAY },
    ];
    const at = new Date('2031-05-02T06:10:00Z');
    const told = (used: readonly [number, number], allowed: readonly [number, number] = [100, 1000]) => [
      { perSeconds: QUARTER, requests: allowed[0], used: used[0] },
      { perSeconds: DAY, requests: allowed[1], used: used[1] },
    ];
    const atOnce = async (name: string, budgets: readonly RequestBudget[] = declared): Promise<number> => {
      const takes = await Promise.all(Array.from({ length: 60 }, () => own.take(name, budgets, 0, at)));
      return takes.filter(({ isTaken }) => isTaken).length;
    };
    let own: RequestBudgets;
    beforeEach(() => {
      own = new RequestBudgets(database.db);
    });

    it.each<[string, readonly [number, number], string]>([
      ['a quarter of an hour', [100, 400], '2031-05-02T06:15:00Z'],
      ['a day', [7, 1003], '2031-05-03T00:00:00Z'],
      ['both', [130, 1000], '2031-05-03T00:00:00Z'],
    ])('waits for the next window when that of %s is used up', async (name, used, next) => {
      const seconds = await own.learn(name, declared, told(used), at);
      // A little later, to be sure.
      expect(seconds).toBeCloseTo((Date.parse(next) - at.getTime()) / 1000 + 2, 3);
      // Every process waits, and each comes through then.
      const elsewhere = new RequestBudgets(database.db);
      expect(await elsewhere.take(name, declared, 60, at)).toEqual({ waitSeconds: seconds, isTaken: false });
      expect(await elsewhere.take(name, declared, 0, new Date(Date.parse(next) + 2001))).toMatchObject({
        isTaken: true,
      });
    });

    it('goes by the clock of the vendor: an answer of the last moment says nothing of the next window', async () => {
      const [late, answered] = [new Date('2031-05-02T06:15:00.200Z'), new Date('2031-05-02T06:14:59Z')];
      expect(await own.learn('late', declared, told([100, 4]), late, answered)).toBe(3);
    });

    it('goes on while there is something left, with the limits that hold', async () => {
      expect(await own.learn('fewer', declared, told([99, 999]), at)).toBeNull();
      expect(await own.learn('more', declared, told([3, 3], [600, 6000]), at)).toBeNull();
      expect([await atOnce('declared'), await atOnce('fewer'), await atOnce('more')]).toEqual([38, 19, 60]);
    });

    it('takes the least of what is told of one window, and never more than the operator allows', async () => {
      await own.learn('least', declared, [...told([1, 1], [200, 2000]), ...told([1, 1])], at);
      expect(await atOnce('least')).toBe(19);
      const ceiling = [{ requests: 50, perSeconds: QUARTER, isCeiling: true as const }];
      await own.learn('ceiling', ceiling, told([1, 1]), at);
      expect(await atOnce('ceiling', ceiling)).toBe(9);
    });
  });

  it('grows with the users of a vendor that allows more for each, and hears of new ones in a while', async () => {
    const limits = [{ requests: 10, perSeconds: 900, perUser: 20 }];
    const takenAt = async (nowMs: number): Promise<number> => {
      const now = new Date(nowMs);
      const takes = await Promise.all(Array.from({ length: 30 }, () => budgets.take('polar', limits, 0, now)));
      return takes.filter(({ isTaken }) => isTaken).length;
    };
    const connect = async (account: string, status: 'active' | 'revoked' = 'active'): Promise<void> => {
      const user = await given(database.db).user();
      await given(database.db).connection(user, 'polar', { status, providerUserId: account });
    };
    await connect('1');
    await connect('2');
    // One account of two users counts once, one that left not at all.
    await connect('2');
    await connect('3', 'revoked');
    expect(await takenAt(START)).toBe(9);
    for (const account of ['4', '5', '6', '7']) await connect(account);
    expect(await takenAt(START + 599_000)).toBeLessThanOrEqual(9);
    expect(await takenAt(START + 3_600_000)).toBe(24);
  });

  it('keeps all limits of a vendor', async () => {
    const day = { requests: 10, perSeconds: 86_400 };
    const now = new Date(START);
    const takes = await Promise.all(Array.from({ length: 12 }, () => budgets.take('polar', [LIMIT, day], 60, now)));
    expect(takes.filter(({ isTaken }) => isTaken).length).toBeLessThanOrEqual(10);
  });
});
