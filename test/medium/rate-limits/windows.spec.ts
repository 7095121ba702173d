import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CallerBudgets, SharedWindows } from '#libs/rate-limits';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const MINUTE = 60_000;

describe('windows of rate limits', () => {
  let test: TestDatabase;
  let windows: SharedWindows;

  beforeAll(async () => {
    test = await openTestDatabase();
    windows = new SharedWindows(test.db);
  });
  afterAll(() => test.close());
  beforeEach(() => test.db.query('DELETE FROM rate_limit').then(() => undefined));

  it('counts every one of many parallel requests', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => windows.add([{ key: 'a', count: 1 }], MINUTE)));
    const counts = all.map((window) => window.get('a')!.hits).sort((one, two) => one - two);
    expect(counts).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('starts anew when the window is over', async () => {
    await windows.add([{ key: 'a', count: 5 }], MINUTE);
    await test.db.query(`UPDATE rate_limit SET window_ends_at = now() - interval '1 second'`);
    const window = (await windows.add([{ key: 'a', count: 2 }], MINUTE)).get('a')!;
    expect(window.hits).toBe(2);
    expect(window.endsAtMs).toBeGreaterThan(Date.now() + MINUTE / 2);
  });

  it('lets processes share a budget, with no statement per request', async () => {
    let statements = 0;
    const counted = new SharedWindows({
      query: (text: string, values: unknown[]) => {
        statements++;
        return test.db.query(text, values);
      },
    } as never);
    const [one, two] = [new CallerBudgets(counted), new CallerBudgets(counted)];
    const now = Date.now();
    for (let request = 0; request < 1000; request++) one.hit('key', MINUTE, now);
    expect(two.hit('key', MINUTE, now).hits).toBe(1);
    await one.sync(now);
    await two.sync(now);
    expect(two.hit('key', MINUTE, now).hits).toBe(1002);
    await one.sync(now);
    expect(statements).toBe(2);
    await Promise.all([one.onApplicationShutdown(), two.onApplicationShutdown()]);
  });

  it('keeps counting by itself while the database is away', async () => {
    let isAway = true;
    const flaky = new SharedWindows({
      query: (text: string, values: unknown[]) =>
        isAway ? Promise.reject(new Error('away')) : test.db.query(text, values),
    } as never);
    const budgets = new CallerBudgets(flaky);
    const now = Date.now();
    budgets.hit('key', MINUTE, now);
    await budgets.sync(now);
    expect(budgets.hit('key', MINUTE, now).hits).toBe(2);
    isAway = false;
    await budgets.sync(now);
    expect(await test.db.query('SELECT key, hits FROM rate_limit')).toEqual([{ key: 'key', hits: 2 }]);
    await budgets.onApplicationShutdown();
  });

  it('forgets callers whose window is over', async () => {
    const budgets = new CallerBudgets(windows);
    budgets.hit('key', MINUTE, 0);
    await budgets.sync(MINUTE);
    expect(budgets.hit('key', MINUTE, MINUTE).hits).toBe(1);
    await budgets.onApplicationShutdown();
  });
});
