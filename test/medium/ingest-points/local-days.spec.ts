import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { HOUR, MINUTE, SECOND, seriesTypeByCode, type PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { rollupLines, stateOf } from './derived-state.js';

jest.setTimeout(60_000);

const HEART_RATE = seriesTypeByCode('heart_rate')!.id;
const STEPS = seriesTypeByCode('steps')!.id;

let test: TestDatabase;
let user: { id: string; key: number };
const writer = new HealthWriter();
const write = (...points: PointInput[]) => writer.write(test.db, user, batchOf(points), { now: NOW });
const days = (series = HEART_RATE, isDailyTotal = false) => rollupLines(test.db, user, series, isDailyTotal);

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => {
  expect((await verifyRollups(test.db)).differences).toEqual([]);
  await test.close();
});
beforeEach(async () => {
  user = await given(test.db).user();
});

describe('the local date of a point', () => {
  it.each([
    ['2026-05-01T10:00:00Z', 840, '2026-05-02'],
    ['2026-05-01T09:59:59.999999Z', 840, '2026-05-01'],
    ['2026-05-01T10:59:59.999999Z', -660, '2026-04-30'],
    ['2026-05-01T11:00:00Z', -660, '2026-05-01'],
    ['2026-05-01T18:15:00Z', 345, '2026-05-02'],
    ['2026-05-01T23:59:59.999999Z', null, '2026-05-01'],
    ['1999-12-31T23:30:00Z', 60, '2000-01-01'],
    ['1969-12-31T23:30:00Z', 0, '1969-12-31'],
    ['2024-02-28T23:30:00Z', 60, '2024-02-29'],
  ])('of %s with offset %p is %s', async (time, zoneOffset, date) => {
    await write(point(time, { zoneOffset }));
    expect(await days()).toEqual([`${date} count=1 sum=60`]);
  });

  it('follows the offset of each point across a clock change', async () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00, the day has 23 hours.
    const hours = Array.from({ length: 49 }, (_, hour) => at('2026-03-28T12:30:00Z') + hour * HOUR);
    const change = at('2026-03-29T01:00:00Z');
    await write(...hours.map((time) => point(time, { value: 1, zoneOffset: time < change ? 60 : 120 })));
    expect(await days()).toEqual([
      '2026-03-28 count=11 sum=11',
      '2026-03-29 count=23 sum=23',
      '2026-03-30 count=15 sum=15',
    ]);
  });

  it('keeps a traveller over the dateline on both dates', async () => {
    const noon = at('2026-05-01T12:00:00Z');
    await write(point(noon, { zoneOffset: 840 }), point(noon + MINUTE, { zoneOffset: -660 }));
    await write(point(noon + 2 * MINUTE, { zoneOffset: 840, value: 80 }));
    expect(await days()).toEqual(['2026-05-01 count=1 sum=60', '2026-05-02 count=2 sum=140']);
  });
});

describe('a corrected zone offset', () => {
  it('moves the point to its new date and takes the old one away when it is empty', async () => {
    await write(point('2026-05-01T23:30:00Z'), point('2026-05-01T23:45:00Z', { value: 70 }));
    await write(point('2026-05-01T23:30:00Z', { zoneOffset: 60 }));
    expect(await days()).toEqual(['2026-05-01 count=1 sum=70', '2026-05-02 count=1 sum=60']);
    await write(point('2026-05-01T23:45:00Z', { zoneOffset: 60, value: 70 }));
    expect(await days()).toEqual(['2026-05-02 count=2 sum=130']);
    await write(point('2026-05-01T23:30:00Z', { zoneOffset: -660 }));
    expect(await days()).toEqual(['2026-05-01 count=1 sum=60', '2026-05-02 count=1 sum=70']);
  });
});

describe('a daily total', () => {
  it('stands next to an intraday sample of the same instant', async () => {
    const midnight = { series: 'steps', zoneOffset: 120 };
    await write(
      point('2026-05-01T22:00:00Z', { ...midnight, value: 9000, isDailyTotal: true }),
      point('2026-05-01T22:00:00Z', { ...midnight, value: 12 }),
    );
    expect(await days(STEPS, true)).toEqual(['2026-05-02 count=1 sum=9000']);
    expect(await days(STEPS, false)).toEqual(['2026-05-02 count=1 sum=12']);
    const { rollups } = await stateOf(test.db, user);
    expect(rollups).toMatchObject([{ minute_counts: [1, 1] }, { minute_counts: null }]);
  });

  it('is replaced by its revision', async () => {
    await write(point('2026-05-01T22:00:00Z', { series: 'steps', value: 9000, isDailyTotal: true }));
    await write(point('2026-05-01T22:00:00Z', { series: 'steps', value: 9500, isDailyTotal: true, externalId: 'b' }));
    expect(await days(STEPS, true)).toEqual(['2026-05-01 count=1 sum=9500']);
  });
});

describe('the numbers of a day', () => {
  it('are exact sums and the extremes in value and time', async () => {
    const values = [0.1, 0.2, 0.3, -5.125, 9_999_999.999];
    await write(...values.map((value, i) => point(at('2026-05-01T10:00:00Z') + i * HOUR, { value, series: 'weight' })));
    const { rollups } = await stateOf(test.db, user);
    expect(rollups).toMatchObject([
      {
        point_count: 5,
        sum_value: 9_999_995.474,
        min_value: -5.125,
        max_value: 9_999_999.999,
        first_value: 0.1,
        last_value: 9_999_999.999,
        first_at: '2026-05-01T10:00:00Z',
        last_at: '2026-05-01T14:00:00Z',
        minute_levels: null,
        minute_counts: null,
      },
    ]);
  });
});

describe('the minutes of a day', () => {
  const minutesOf = async (...points: PointInput[]): Promise<unknown> => {
    await write(...points);
    const { rollups } = await stateOf(test.db, user);
    return (rollups as { minute_levels: number[]; minute_counts: number[] }[]).map((day) => histogramOf(day));
  };
  /** Minutes by level. */
  const histogramOf = (day: { minute_levels: number[]; minute_counts: number[] }): Record<number, number> =>
    Object.fromEntries(
      day.minute_levels.map((level, n) => [level, day.minute_counts[n]! - (day.minute_counts[n - 1] ?? 0)]),
    );
  /** Of steps. */
  const split = ({ active, tracked }: { active: number; tracked: number }) => ({ 0: tracked - active, 1: active });
  const steps = (time: string, value: number, seconds: number | null = null): PointInput => {
    const endedAt = seconds === null ? null : at(time) + seconds * SECOND;
    return point(time, { series: 'steps', value, endedAt });
  };

  it('count as active from 30 steps on', async () => {
    const walked = [
      steps('2026-05-01T10:00:00Z', 29),
      steps('2026-05-01T10:01:10Z', 30),
      steps('2026-05-01T10:02:59Z', 31),
    ];
    expect(await minutesOf(...walked)).toEqual([split({ active: 2, tracked: 3 })]);
  });

  it('add up the samples of one minute', async () => {
    const walked = [steps('2026-05-01T10:00:00Z', 20), steps('2026-05-01T10:00:59.999999Z', 10)];
    expect(await minutesOf(...walked)).toEqual([split({ active: 1, tracked: 1 })]);
  });

  it('share a long sample evenly', async () => {
    expect(await minutesOf(steps('2026-05-01T10:00:00Z', 90, 180))).toEqual([split({ active: 3, tracked: 3 })]);
  });

  it('share a sample over each minute it touches, not over its length', async () => {
    expect(await minutesOf(steps('2026-05-01T10:00:30Z', 90, 180))).toEqual([split({ active: 0, tracked: 4 })]);
  });

  it('join the shares of neighbouring samples', async () => {
    const walked = [steps('2026-05-01T10:00:00Z', 50, 150), steps('2026-05-01T10:02:30Z', 55, 90)];
    // 50 over three minutes, 55 over two: 16.67, 16.67, 44.17, 27.5
    expect(await minutesOf(...walked)).toEqual([split({ active: 1, tracked: 4 })]);
  });

  it('take in samples of up to 60 minutes and leave longer ones out', async () => {
    const hour = steps('2026-05-01T10:00:00Z', 1800, 3600);
    const longer = steps('2026-05-01T12:00:00Z', 9000, 3601);
    expect(await minutesOf(hour, longer, steps('2026-05-03T10:00:00Z', 5000, 7200))).toEqual([
      split({ active: 60, tracked: 60 }),
      split({ active: 0, tracked: 0 }),
    ]);
  });

  it('of heart rate are a histogram of averages with halves for fractions', async () => {
    const beats = [
      ['10:00:00', 60],
      ['10:00:20', 62],
      ['10:01:00', 60],
      ['10:01:59.999999', 61],
      ['10:02:00', 60.001],
      ['10:03:00', 61],
      ['10:04:10', 60],
      ['10:04:20', 60],
      ['10:04:30', 61],
    ] as const;
    const points = beats.map(([time, value]) => point(`2026-05-01T${time}Z`, { value }));
    // 61, 60.5, 60.001, 61, 60.33
    expect(await minutesOf(...points)).toEqual([{ '121': 3, '122': 2 }]);
  });

  it('of one heart rate minute that is split by midnight of two offsets stay apart', async () => {
    const split = [
      point('2026-05-01T22:00:10Z', { value: 60, zoneOffset: 120 }),
      point('2026-05-01T22:00:20Z', { value: 80, zoneOffset: 60 }),
      point('2026-05-01T22:00:30Z', { value: 61, zoneOffset: 120 }),
    ];
    expect(await minutesOf(...split)).toEqual([{ '160': 1 }, { '121': 1 }]);
  });
});
