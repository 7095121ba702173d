import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR, formatInstant, parseIsoInstant } from '#libs/model';
import type { Database } from '#libs/database';
import { VendorError, type CloudResource } from '#libs/providers/kit';
import { deliveryFinish } from '../vendor-webhooks/delivery-report.js';
import { FetchTurns, Overtaken } from './fetch-turns.js';
import { NOTHING_STORED, type StoredRecords } from './health-store.js';
import { lookbackText, pullReport } from './pull-report.js';
import type { PullRun, ResourceTally } from './pull-run.js';
import { forgetPassing, nextWindow } from './pull-work.js';
import { skippedOf, withSkipped } from './skipped-rows.js';
import { historyWindows, isDue, liveWindow } from './windows.js';

const at = (text: string): number => parseIsoInstant(text)!;
const NOW = at('2026-11-21T12:00:00Z');
const day = (instant: number): string => formatInstant(instant).slice(0, 10);

describe('turns', () => {
  const turns = new FetchTurns({} as Database);
  const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('come one after the other for an account, whatever becomes of them, and at once for others', async () => {
    const seen: string[] = [];
    const work =
      (name: string, isGood = true) =>
      async (): Promise<string> => {
        seen.push(`${name} begins`);
        await nextTick();
        seen.push(`${name} ends`);
        if (!isGood) throw new Error(name);
        return name;
      };
    const all = [
      turns.take('oura', '1', work('a', false)),
      turns.take('oura', '1', work('b')),
      turns.take('whoop', '1', work('c')),
    ];
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(seen).toEqual(['a begins', 'c begins', 'a ends', 'b begins', 'c ends', 'b ends']);
  });

  it('fetch again what was overtaken, but not for ever', async () => {
    let fetches = 0;
    const overtakenUntil = (good: number) => () => {
      if (++fetches < good) throw new Overtaken();
      return Promise.resolve(fetches);
    };
    expect(await turns.inOrder('oura', overtakenUntil(3))).toBe(3);
    await expect(turns.inOrder('oura', overtakenUntil(100))).rejects.toBeInstanceOf(VendorError);
    expect(fetches).toBe(8);
    const broken = (): Promise<never> => Promise.reject(new Error('broken'));
    await expect(turns.inOrder('oura', broken)).rejects.toThrow('broken');
  });
});

describe('windows', () => {
  it('of a history come newest first and meet', () => {
    const windows = historyWindows({ start: NOW - 70 * DAY, end: NOW });
    expect(windows.map(({ start, end }) => [day(start), day(end)])).toEqual([
      ['2026-10-22', '2026-11-21'],
      ['2026-09-22', '2026-10-22'],
      ['2026-09-12', '2026-09-22'],
    ]);
  });

  it.each([
    [{}, '2026-11-20T00:00:00Z', 0, null, '2026-11-18'],
    [{ lookbackDays: 3 }, '2026-11-20T00:00:00Z', 0, null, '2026-11-17'],
    [{ lookbackDays: 3 }, '2026-11-20T00:00:00Z', 5 * 86_400, null, '2026-11-15'],
    [{}, '2026-01-01T00:00:00Z', 0, 30, '2026-10-22'],
    [{}, '2027-01-01T00:00:00Z', 0, null, '2026-11-19'],
  ])('of news: %j, stored to %s', (resource, storedTo, lookbackSeconds, maxHistoricalDays, start) => {
    const window = liveWindow(resource, at(storedTo), NOW, { lookbackSeconds, maxHistoricalDays });
    expect([day(window.start), window.end]).toEqual([start, NOW]);
  });

  it.each([
    [{}, 0, true],
    [{ pullEveryHours: 6 }, 5.9, false],
    [{ pullEveryHours: 6 }, 6, true],
  ])('of %j, pulled %p hours ago, are due: %p', (resource, hours, due) =>
    expect(isDue(resource, NOW - hours * HOUR, NOW)).toBe(due),
  );
});

const resource = (name: string, part: CloudResource['part'], resultKey?: string): CloudResource => ({
  name,
  part,
  ...(resultKey ? { resultKey } : {}),
  map: () => undefined,
});
const RESOURCES = [
  resource('workout', 'workouts'),
  resource('sleep', 'data_247', 'sleeps'),
  resource('body', 'data_247'),
];
const run = { kind: 'live', start: null, end: null } as PullRun;
const tally = (change: Partial<ResourceTally> = {}): ResourceTally => ({
  records: 2,
  inserted: 1,
  updated: 1,
  dropped: 0,
  ...change,
});
const report = (resources: Record<string, ResourceTally>, lookback: string | null = null) =>
  pullReport(run, 'oura', RESOURCES, { resources }, lookback);

describe('what a run tells', () => {
  it('when all came', () => {
    expect(report({ workout: tally(), sleep: tally(), body: tally({ inserted: 0, updated: 0 }) }, '2d')).toMatchObject({
      status: 'success',
      message: 'Sync from oura completed · 2 new, 2 updated · lookback 2d',
      error: null,
      itemsProcessed: 4,
      metadata: {
        is_historical: false,
        inserted: 2,
        updated: 2,
        lookback: '2d',
        params: {
          workouts: { success: 2, start_date: null, end_date: null },
          data_247: { success: true, saved: true, sleeps: 2, body: 0 },
        },
      },
    });
  });

  it('when some came', () => {
    const partial = report({ workout: tally({ error: 'no' }), sleep: tally({ inserted: 0, updated: 0 }) });
    expect(partial).toMatchObject({
      status: 'partial',
      message: 'Sync from oura completed with errors · 1 new, 1 updated',
      error: 'workout: no',
      metadata: { params: { workouts: { success: false, error: 'no' }, data_247: { success: true } } },
    });
  });

  it('when nothing came, and when there was nothing', () => {
    const failed = report({ workout: tally({ error: 'no' }), sleep: tally({ error: 'never' }) });
    expect(failed).toMatchObject({
      status: 'failed',
      message: 'Sync from oura failed',
      error: 'All sync sub-tasks failed (workout: no; sleep: never)',
    });
    expect(report({})).toMatchObject({ status: 'success', message: 'Sync from oura completed', itemsProcessed: 0 });
  });

  it('of what was left out', () => {
    const { metadata } = report({
      workout: tally(),
      sleep: tally({ dropped: 3, skipped: { 'kg must be a number': 3 } }),
    });
    expect(metadata).toMatchObject({ skipped: { sleep: { 'kg must be a number': 3 } } });
    expect(report({ workout: tally() }).metadata).not.toHaveProperty('skipped');
  });

  it.each([
    [0, null],
    [5400, '1h30m'],
    [2 * 86_400, '2d'],
    [131_400, '1d12h30m'],
  ])('a look-back of %i seconds', (seconds, text) => expect(lookbackText(seconds)).toBe(text));
});

describe('what is left out', () => {
  const problem = (message: string, path: string | null = null) =>
    ({ collection: 'sleep', index: 1, path, message, severity: 'dropped' }) as const;

  it('is counted by field and reason, not by place', () => {
    const problems = [problem('is bad', 'laps.3.kg'), problem('is bad', 'laps.14.kg'), problem('is bad')];
    expect(skippedOf(problems)).toEqual({ 'laps.*.kg is bad': 2, 'is bad': 1 });
  });

  it('in too many ways is told as one', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`reason ${index}`, 2]));
    const sum = withSkipped({ 'reason 29': 1 }, many);
    expect(Object.keys(sum)).toHaveLength(21);
    expect(sum).toMatchObject({ 'reason 29': 3, '(others)': 20 });
  });
});

describe('progress', () => {
  const resources = {
    good: tally({ isDone: true }),
    late: tally({ isDone: true, isPassing: true, error: 'timeout' }),
    bad: tally({ isDone: true, isPassing: false, error: 'forbidden' }),
  };

  it('is kept over windows, with what went wrong', () => {
    expect(nextWindow({ resources }).resources).toEqual({
      good: tally(),
      late: tally({ error: 'timeout' }),
      bad: tally({ error: 'forbidden' }),
    });
  });

  it('of what passes by itself is forgotten', () => {
    expect(forgetPassing({ resources }).resources).toEqual({ ...resources, late: tally() });
  });
});

describe('deliveries in the sync status', () => {
  const finish = (result: object, change: Partial<StoredRecords> = {}) =>
    deliveryFinish({
      result: result as never,
      label: 'sleep.updated',
      connections: [],
      stored: { ...NOTHING_STORED, ...change },
    });

  it.each([
    [{ status: 'processed', records_saved: 3 }, { inserted: 2, updated: 1 }, 'success', 'webhook 2 new, 1 updated', 3],
    [{ status: 'processed', records_saved: 3 }, {}, 'success', 'webhook sleep.updated', 3],
    [{ status: 'accepted', saved: { sleep: 1, hr: 2 } }, {}, 'success', 'webhook sleep.updated', 3],
    [{ status: 'deleted', resource_id: 'x' }, {}, 'success', 'webhook sleep.updated', 1],
    [{ status: 'processed', records_saved: 0 }, {}, 'skipped', 'skipped: sleep.updated', 0],
    [{ status: 'ignored', reason: 'delete_event' }, {}, 'skipped', 'skipped: delete_event', null],
  ])('%j %j', (result, change, status, message, itemsProcessed) =>
    expect(finish(result, change)).toMatchObject({ status, message, itemsProcessed }),
  );

  it('of what was left out', () =>
    expect(finish({ status: 'processed', records_saved: 0 }, { skipped: { 'is bad': 1 } })).toMatchObject({
      status: 'skipped',
      metadata: { skipped: { 'is bad': 1 } },
    }));

  it('of what failed', () =>
    expect(finish({ status: 'error', error: 'no' })).toMatchObject({ status: 'failed', error: 'no' }));
});
