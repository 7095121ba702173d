import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { UserRef } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import type { HealthBatch, SleepSegmentInput } from '#libs/model';
import { at, batch, segment, session, source, workedExample } from './batches.js';
import { Fixture, NOW } from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

const night = (...sleepSegments: SleepSegmentInput[]): HealthBatch => batch({ sleepSegments });
const ids = async (user: UserRef): Promise<string[]> => (await fixture.sleeps(user)).map((row) => row.id);

describe('sleep delivered as segments', () => {
  it('gives the numbers of the worked example', async () => {
    const user = await fixture.user();
    const report = await fixture.write(user, night(...workedExample()));
    expect(report.sleep).toEqual({ inserted: 6, updated: 0, unchanged: 0 });
    const [sleep, ...others] = await fixture.sleeps(user);
    expect(others).toEqual([]);
    expect(sleep).toMatchObject({
      started_at: '2026-03-01T23:05:00Z',
      ended_at: '2026-03-02T06:30:00Z',
      duration_seconds: 26700,
      local_date: '2026-03-02',
      total_minutes: 433,
      time_in_bed_minutes: 470,
      efficiency_percent: 92.13,
      light_minutes: 340,
      deep_minutes: 50,
      rem_minutes: 43,
      awake_minutes: 12,
      is_nap: false,
    });
    expect(sleep?.stages).toHaveLength(5);
    expect(sleep?.stages?.[4]).toEqual({
      stage: 'light',
      start_time: '2026-03-02T01:55:00Z',
      end_time: '2026-03-02T06:30:00Z',
    });
    expect(await fixture.announced(user)).toEqual(['sleep.created']);
  });

  it('changes and announces nothing when delivered again', async () => {
    const user = await fixture.user();
    await fixture.write(user, night(...workedExample()));
    const before = await fixture.rows('SELECT * FROM event WHERE user_key = $1', user);
    const report = await fixture.write(user, night(...workedExample()), at('2026-03-11T00:00'));
    expect(report.sleep).toEqual({ inserted: 0, updated: 0, unchanged: 6 });
    expect(await fixture.rows('SELECT * FROM event WHERE user_key = $1', user)).toEqual(before);
    expect(await fixture.announced(user)).toEqual(['sleep.created']);
  });

  it('keeps the id while a night grows, newest part first', async () => {
    const user = await fixture.user();
    const seen = new Set<string>();
    for (const part of workedExample().reverse()) {
      await fixture.write(user, night(part));
      const [id, ...others] = await ids(user);
      expect(others).toEqual([]);
      seen.add(id!);
    }
    expect(seen.size).toBe(1);
    expect(await fixture.windows(user)).toEqual(['23:05-06:30']);
    const announced = await fixture.announced(user);
    expect(announced.filter((kind) => kind === 'sleep.created')).toHaveLength(1);
    expect(new Set(announced.slice(1))).toEqual(new Set(['sleep.updated']));
  });

  it('joins two sessions when a late segment bridges them; the older id stays', async () => {
    const user = await fixture.user();
    await fixture.write(user, night(segment('light', '04:30', '06:00')), at('2026-03-02T08:00'));
    const [older] = await ids(user);
    await fixture.write(user, night(segment('light', '22:00', '00:00')), at('2026-03-02T09:00'));
    expect(await fixture.windows(user)).toEqual(['22:00-00:00', '04:30-06:00']);
    const before = await fixture.totals();
    await fixture.write(user, night(segment('deep', '01:00', '03:00')), at('2026-03-02T10:00'));
    expect(await fixture.windows(user)).toEqual(['22:00-06:00']);
    expect(await ids(user)).toEqual([older]);
    expect((await fixture.totals())['sleeps']).toBe(before['sleeps']! - 1);
    expect((await fixture.totals())['events']).toBe(before['events']! - 1);
  });

  it.each([
    ['exactly the gap', '02:00', ['22:00-04:00']],
    ['a minute more than the gap', '02:01', ['22:00-00:00', '02:01-04:00']],
  ])('%s', async (_, start, windows) => {
    const user = await fixture.user();
    await fixture.write(user, night(segment('light', '22:00', '00:00'), segment('deep', start, '04:00')));
    expect(await fixture.windows(user)).toEqual(windows);
  });

  it('splits at another gap where one is configured, also what was stored before', async () => {
    const user = await fixture.user();
    const parts = [segment('light', '22:00', '00:00'), segment('light', '01:00', '03:00')];
    await fixture.write(user, night(...parts));
    const [id] = await ids(user);
    const strict = new HealthWriter({ sleepEndGapMinutes: 30 });
    await strict.write(fixture.test.db, user, night(segment('deep', '03:10', '04:00')), { now: NOW });
    expect(await fixture.windows(user)).toEqual(['22:00-00:00', '01:00-04:00']);
    expect((await ids(user))[0] === id || (await ids(user))[1] === id).toBe(true);
  });

  it('tells two devices apart', async () => {
    const user = await fixture.user();
    const sources = [source(), source({ source: 'Phone', deviceModel: 'iPhone15,2' })];
    const onPhone = segment('in_bed', '22:30', '07:00', { sourceIndex: 1 });
    await fixture.write(user, batch({ sources, sleepSegments: [...workedExample(), onPhone] }));
    expect((await fixture.sleeps(user)).map((row) => [row.source, row.total_minutes])).toEqual([
      ['Phone', 510],
      ['Demo Watch', 433],
    ]);
  });

  it('makes no event of time awake alone, and one as soon as sleep is there', async () => {
    const user = await fixture.user();
    await fixture.write(user, night(segment('awake', '22:00', '22:30'), segment('unknown', '22:30', '22:40')));
    expect(await fixture.sleeps(user)).toEqual([]);
    await fixture.write(user, night(segment('light', '22:40', '23:40')));
    expect(await fixture.windows(user)).toEqual(['22:40-23:40']);
  });

  it('replaces a segment that differs and counts it as updated', async () => {
    const user = await fixture.user();
    await fixture.write(user, night(segment('light', '23:00', '05:00', { externalId: 'a' })));
    const report = await fixture.write(user, night(segment('light', '23:00', '05:00', { externalId: 'b' })));
    expect(report.sleep).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect((await fixture.sleeps(user))[0]?.external_id).toBe('b');
  });

  it('names bad segments by their place and stores the rest', async () => {
    const user = await fixture.user();
    const wrong = (index: number, from: string, to: string, more: Partial<SleepSegmentInput> = {}) =>
      segment('light', from, to, { origin: { collection: 'sleep', index }, ...more });
    const report = await fixture.write(
      user,
      night(
        wrong(0, '03:00', '02:00'),
        wrong(1, '03:00', '03:00'),
        wrong(2, '03:00', '04:00', { score: 101 }),
        wrong(3, '03:00', '04:00', { sourceIndex: 7 }),
        wrong(4, '03:00', '04:00', { startedAt: at('2026-02-01T00:00') }),
        wrong(5, '04:00', '05:00', { zoneOffset: 5000 }),
      ),
    );
    expect(report.problems.map(({ index, severity, path }) => [index, severity, path])).toEqual([
      [0, 'dropped', 'ended_at'],
      [1, 'dropped', 'ended_at'],
      [2, 'warning', 'score'],
      [3, 'dropped', 'source'],
      [4, 'dropped', 'ended_at'],
      [5, 'warning', 'zone_offset'],
    ]);
    expect(report.sleep.inserted).toBe(2);
    expect(await fixture.windows(user)).toEqual(['03:00-05:00']);
  });

  it('follows a chain of fragments however far it reaches', async () => {
    const user = await fixture.user();
    const first = at('2026-03-01T00:00');
    const hour = 3_600_000_000;
    const chain = Array.from({ length: 60 }, (_, i) =>
      segment('light', '22:00', '23:00', { startedAt: first + 2 * i * hour, endedAt: first + (2 * i + 1) * hour }),
    );
    await fixture.write(user, night(...chain.slice(0, 29), ...chain.slice(30)));
    expect(await fixture.sleeps(user)).toHaveLength(2);
    const [id] = await ids(user);
    await fixture.write(user, night(chain[29]!));
    const [sleep] = await fixture.sleeps(user);
    expect(sleep).toMatchObject({ id, total_minutes: 3600, duration_seconds: 119 * 3600 });
  });

  it('is the same after any order of any batches, each delivered twice or more', async () => {
    const nights = ['2026-03-01', '2026-03-02', '2026-03-03'].flatMap((date) => workedExample({ night: date }));
    const all = [...nights, segment('light', '14:00', '14:40', { night: '2026-03-02' })];
    const expectedUser = await fixture.user();
    await fixture.write(expectedUser, night(...all));
    const content = async (user: UserRef) => (await fixture.sleeps(user)).map(({ id: _, ...rest }) => rest);
    const expected = await content(expectedUser);
    expect(expected).toHaveLength(4);

    const batches = fc
      .tuple(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 3, maxLength: 6 }),
        fc.array(fc.subarray(all), { minLength: 0, maxLength: 2 }),
      )
      .map(([order, sizes, again]) => {
        const parts: SleepSegmentInput[][] = [];
        let from = 0;
        for (const size of sizes) parts.push(order.slice(from, (from += size)));
        return [...parts, order.slice(from), ...again];
      });
    await fc.assert(
      fc.asyncProperty(batches, async (parts) => {
        const user = await fixture.user();
        for (const part of parts) await fixture.write(user, night(...part));
        expect(await content(user)).toEqual(expected);
        const announced = await fixture.announced(user);
        const created = announced.filter((kind) => kind === 'sleep.created');
        expect(created.length).toBeGreaterThanOrEqual(expected.length);
      }),
      { numRuns: 12, seed: 20260301 },
    );
  });

  it('stores two parallel identical batches once', async () => {
    const user = await fixture.user();
    const reports = await Promise.all([1, 2].map(() => fixture.write(user, night(...workedExample()))));
    expect(reports.map((report) => report.sleep.inserted).sort()).toEqual([0, 6]);
    expect(await fixture.sleeps(user)).toHaveLength(1);
    expect(await fixture.announced(user)).toEqual(['sleep.created']);
  });
});

describe('sleep delivered as sessions', () => {
  const cloud = (...sleepSessions: HealthBatch['sleepSessions']): HealthBatch =>
    batch({ provider: 'oura', sources: [source({ source: 'oura', deviceModel: null })], sleepSessions });

  it('keeps the numbers of a single session as sent', async () => {
    const user = await fixture.user();
    await fixture.write(user, cloud(session('23:00', '07:00', { externalId: 's1', durationSeconds: 28000.7 })));
    expect(await fixture.sleeps(user)).toMatchObject([
      {
        external_id: 's1',
        duration_seconds: 28000,
        total_minutes: 400,
        time_in_bed_minutes: 450,
        efficiency_percent: 89,
      },
    ]);
  });

  it('stores a session without the numbers and stages that cannot be', async () => {
    const user = await fixture.user();
    const stages = [
      { stage: 'rem' as const, startedAt: at('2026-03-02T01:00'), endedAt: at('2026-03-02T02:00') },
      { stage: 'deep' as const, startedAt: at('2026-03-02T00:00'), endedAt: at('2026-03-02T01:00') },
      { stage: 'light' as const, startedAt: at('2026-03-02T03:00'), endedAt: at('2026-03-02T03:00') },
      { stage: 'light' as const, startedAt: Number.NaN, endedAt: at('2026-03-02T05:00') },
    ];
    const numbers = { totalMinutes: Number.NaN, efficiencyPercent: 101, deepMinutes: -1, remMinutes: 61.9 };
    const report = await fixture.write(user, cloud(session('23:00', '07:00', { ...numbers, stages })));
    expect(report.problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      'warning total_minutes',
      'warning efficiency_percent',
      'warning deep_minutes',
    ]);
    const [sleep] = await fixture.sleeps(user);
    expect(sleep).toMatchObject({ total_minutes: null, efficiency_percent: null, deep_minutes: null, rem_minutes: 61 });
    expect(sleep?.stages?.map((interval) => interval.stage)).toEqual(['deep', 'rem']);
    const again = await fixture.write(user, cloud(session('23:00', '07:00', { ...numbers, stages })));
    expect(again.sleep.unchanged).toBe(1);
  });

  it('adds sessions within the gap once, however often they come', async () => {
    const user = await fixture.user();
    const parts = [
      session('22:00', '02:00', { externalId: 'a', totalMinutes: 200, timeInBedMinutes: 230, efficiencyPercent: 80 }),
      session('03:00', '06:00', { externalId: 'b', totalMinutes: 150, timeInBedMinutes: 170, efficiencyPercent: 90 }),
    ];
    for (let round = 0; round < 3; round++) for (const part of parts) await fixture.write(user, cloud(part));
    expect(await fixture.sleeps(user)).toMatchObject([
      {
        external_id: 'a',
        total_minutes: 350,
        time_in_bed_minutes: 400,
        efficiency_percent: 84.25,
        duration_seconds: 8 * 3600,
      },
    ]);
  });

  it('never merges a nap with a night', async () => {
    const user = await fixture.user();
    const nap = session('06:30', '07:10', { externalId: 'nap', isNap: true });
    await fixture.write(user, cloud(session('22:00', '06:00', { externalId: 'n' }), nap));
    expect((await fixture.sleeps(user)).map((row) => row.is_nap)).toEqual([false, true]);
    const before = await ids(user);
    await fixture.write(user, cloud(nap));
    expect(await ids(user)).toEqual(before);
  });

  it('moves the event with a session that moves within its night', async () => {
    const user = await fixture.user();
    await fixture.write(user, cloud(session('22:00', '23:00', { externalId: 'x' })));
    const [id] = await ids(user);
    const report = await fixture.write(user, cloud(session('04:00', '06:00', { externalId: 'x' })));
    expect(report.sleep).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect(await fixture.sleeps(user)).toMatchObject([{ id, started_at: '2026-03-02T04:00:00Z' }]);
  });

  it('makes a new event of a session that moves to another night', async () => {
    const user = await fixture.user();
    await fixture.write(user, cloud(session('22:00', '06:00', { externalId: 'x' })));
    const [id] = await ids(user);
    await fixture.write(user, cloud(session('22:00', '06:00', { externalId: 'x', night: '2026-03-04' })));
    const [moved, ...others] = await fixture.sleeps(user);
    expect(others).toEqual([]);
    expect(moved?.id).not.toBe(id);
    expect(moved?.started_at).toBe('2026-03-04T22:00:00Z');
  });

  it('splits a night when its middle moves away; the larger part keeps the id', async () => {
    const user = await fixture.user();
    await fixture.write(
      user,
      cloud(
        session('20:00', '21:00', { externalId: 'a' }),
        session('22:00', '01:00', { externalId: 'b' }),
        session('02:00', '07:00', { externalId: 'c' }),
      ),
    );
    const [id] = await ids(user);
    await fixture.write(user, cloud(session('22:00', '23:00', { externalId: 'b', night: '2026-03-06' })));
    expect(await fixture.sleeps(user)).toMatchObject([
      { external_id: 'a' },
      { id, external_id: 'c' },
      { external_id: 'b' },
    ]);
  });

  it('recognises a session that gains an id, and one that loses it', async () => {
    const user = await fixture.user();
    await fixture.write(user, cloud(session('22:00', '06:00')));
    await fixture.write(user, cloud(session('22:00', '06:00', { externalId: 'late' })));
    const report = await fixture.write(user, cloud(session('22:00', '06:00')));
    expect(report.sleep).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    expect(await fixture.sleeps(user)).toMatchObject([{ external_id: 'late', total_minutes: 400 }]);
  });

  it('lets the local date follow the end at the offset of the record', async () => {
    const user = await fixture.user();
    await fixture.write(
      user,
      cloud(
        session('02:00', '09:30', { externalId: 'kiritimati', zoneOffset: 840 }),
        session('09:00', '10:59', { externalId: 'pago', zoneOffset: -660, night: '2026-03-04' }),
      ),
    );
    expect((await fixture.sleeps(user)).map((row) => [row.external_id, row.local_date])).toEqual([
      ['kiritimati', '2026-03-02'],
      ['pago', '2026-03-04'],
    ]);
  });
});
