import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter } from '#libs/ingest';
import type { PointInput } from '#libs/model';
import { type AggregateBucketView, type AggregateQuery, AggregateReader, UserFinder } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { batchOf, NOW, point } from '../ingest-points/batches.js';
import { rangeOf } from '../read/ranges.js';

jest.setTimeout(120_000);

let test: TestDatabase;
let user: GivenUser;

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

/** A new user with these points: [time, fields]. The watch is source 0, the phone source 1. */
async function userWith(...points: [string, Partial<PointInput>][]): Promise<void> {
  user = await given(test.db).user();
  await new HealthWriter().write(test.db, user, batchOf(points.map((args) => point(...args))), { now: NOW });
}

const read = (start: string, end: string, query: Partial<AggregateQuery>) =>
  new AggregateReader(test.db, new UserFinder(test.db)).read(user.id, {
    range: rangeOf(start, end),
    types: ['steps'],
    bucket: 'day',
    functions: ['sum'],
    timeZone: null,
    maxBuckets: 5000,
    ...query,
  });

const buckets = async (
  start: string,
  end: string,
  query: Partial<AggregateQuery> = {},
): Promise<readonly AggregateBucketView[]> => (await read(start, end, query)).data[0]!.buckets;

/** `local start=sum` of buckets with data, and how many there are in all. */
const sums = async (start: string, end: string, query: Partial<AggregateQuery> = {}): Promise<[number, string[]]> => {
  const found = await buckets(start, end, query);
  return [found.length, found.filter((b) => b.sum !== null).map((b) => `${b.local_start}=${b.sum}`)];
};

const steps = (
  value: number,
  zoneOffset: number | null = null,
  more: Partial<PointInput> = {},
): Partial<PointInput> => ({
  series: 'steps',
  value,
  zoneOffset,
  ...more,
});
const total = (value: number, zoneOffset: number | null = null, sourceIndex = 0): Partial<PointInput> =>
  steps(value, zoneOffset, { isDailyTotal: true, sourceIndex });

describe('buckets of local dates', () => {
  it('list every day, gaps as null', async () => {
    await userWith(
      ['2026-03-01T10:00:00Z', steps(100)],
      ['2026-03-03T10:00:00Z', steps(7)],
      ['2026-03-03T11:00:00Z', steps(8)],
    );
    expect(
      await buckets('2026-03-01', '2026-03-04', { functions: ['sum', 'count', 'avg', 'min', 'max', 'last'] }),
    ).toEqual([
      {
        start: '2026-03-01T00:00:00Z',
        local_start: '2026-03-01T00:00:00',
        sum: 100,
        count: 1,
        avg: 100,
        min: 100,
        max: 100,
        last: 100,
      },
      {
        start: '2026-03-02T00:00:00Z',
        local_start: '2026-03-02T00:00:00',
        sum: null,
        count: 0,
        avg: null,
        min: null,
        max: null,
        last: null,
      },
      {
        start: '2026-03-03T00:00:00Z',
        local_start: '2026-03-03T00:00:00',
        sum: 15,
        count: 2,
        avg: 7.5,
        min: 7,
        max: 8,
        last: 8,
      },
    ]);
  });

  it('use each series own function when none is named, one series each', async () => {
    await userWith(
      ['2026-03-01T10:00:00Z', steps(100)],
      ['2026-03-01T10:00:00Z', { value: 60 }],
      ['2026-03-01T11:00:00Z', { value: 71 }],
    );
    const { data, metadata } = await read('2026-03-01', '2026-03-02', {
      types: ['steps', 'heart_rate', 'steps'],
      functions: null,
    });
    expect(data.map(({ type, unit, bucket, buckets }) => [type, unit, bucket, buckets])).toEqual([
      ['steps', 'count', 'day', [{ start: '2026-03-01T00:00:00Z', local_start: '2026-03-01T00:00:00', sum: 100 }]],
      ['heart_rate', 'bpm', 'day', [{ start: '2026-03-01T00:00:00Z', local_start: '2026-03-01T00:00:00', avg: 65.5 }]],
    ]);
    expect(metadata).toEqual({
      start_time: '2026-03-01T00:00:00Z',
      end_time: '2026-03-02T00:00:00Z',
      time_zone: null,
      bucket: 'day',
    });
  });

  it('at UTC+14 and UTC-11 are those on the wall', async () => {
    await userWith(
      ['2026-03-04T10:00:00Z', steps(1, 840)],
      ['2026-03-04T09:59:00Z', steps(2, 840)],
      ['2026-03-04T10:30:00Z', steps(4, -660)],
    );
    expect(await sums('2026-03-01', '2026-03-10')).toEqual([
      9,
      ['2026-03-03T00:00:00=4', '2026-03-04T00:00:00=2', '2026-03-05T00:00:00=1'],
    ]);
  });

  it('of a traveller over the dateline live one date twice as long', async () => {
    // From Auckland (+13) to Honolulu (-10) on March 4: that date lasts 47 hours.
    await userWith(
      ['2026-03-03T12:00:00Z', steps(1, 780)],
      ['2026-03-04T09:00:00Z', steps(10, 780)],
      ['2026-03-05T09:59:00Z', steps(100, -600)],
      ['2026-03-05T10:00:00Z', steps(1000, -600)],
    );
    expect(await sums('2026-03-03', '2026-03-06')).toEqual([
      3,
      ['2026-03-04T00:00:00=111', '2026-03-05T00:00:00=1000'],
    ]);
  });

  it('begin weeks on Monday and months on the first, with only the dates of the range', async () => {
    await userWith(
      ...Array.from({ length: 70 }, (_, n): [string, Partial<PointInput>] => [
        new Date(Date.UTC(2025, 11, 1 + n, 12)).toISOString().replace('.000', ''),
        steps(1),
      ]),
    );
    expect(await sums('2025-12-31', '2026-01-13', { bucket: 'week' })).toEqual([
      3,
      ['2025-12-29T00:00:00=5', '2026-01-05T00:00:00=7', '2026-01-12T00:00:00=1'],
    ]);
    expect(await sums('2025-12-31', '2026-02-02', { bucket: 'month' })).toEqual([
      3,
      ['2025-12-01T00:00:00=1', '2026-01-01T00:00:00=31', '2026-02-01T00:00:00=1'],
    ]);
    expect(await sums('2026-01-31T12:00:00Z', '2026-02-01T00:00:00.5Z', { bucket: 'month' })).toEqual([
      2,
      ['2026-01-01T00:00:00=1', '2026-02-01T00:00:00=1'],
    ]);
  });
});

describe('one source per date', () => {
  it('so that watch and phone are never added up', async () => {
    await userWith(
      ['2026-03-01T10:00:00Z', steps(100)],
      ['2026-03-01T10:00:00Z', steps(150, null, { sourceIndex: 1 })],
      ['2026-03-02T10:00:00Z', steps(70, null, { sourceIndex: 1 })],
    );
    expect(await sums('2026-03-01', '2026-03-03')).toEqual([2, ['2026-03-01T00:00:00=100', '2026-03-02T00:00:00=70']]);
    expect(await sums('2026-03-01', '2026-03-03', { bucket: 'month' })).toEqual([1, ['2026-03-01T00:00:00=170']]);
    expect(await sums('2026-03-01', '2026-03-03', { timeZone: 'UTC' })).toEqual([
      2,
      ['2026-03-01T00:00:00=100', '2026-03-02T00:00:00=70'],
    ]);
  });

  it('which does not depend on where the range cuts the date', async () => {
    await userWith(
      ['2026-03-01T08:00:00Z', steps(100)],
      ['2026-03-01T10:00:00Z', steps(150, null, { sourceIndex: 1 })],
    );
    const hours = { bucket: 'hour' } as const;
    expect(await sums('2026-03-01T09:30:00Z', '2026-03-01T12:00:00Z', hours)).toEqual([3, []]);
    expect(await sums('2026-03-01T07:30:00Z', '2026-03-01T12:00:00Z', hours)).toEqual([5, ['2026-03-01T08:00:00=100']]);
    expect(await sums('2026-03-01T08:00:00.000001Z', '2026-03-01T12:00:00Z', hours)).toEqual([4, []]);
  });

  it('whose total stands for the sum of its day, never in shorter buckets, and a zero total gives way', async () => {
    await userWith(
      ['2026-03-01T00:00:00Z', total(9000)],
      ['2026-03-01T10:00:00Z', steps(100)],
      ['2026-03-02T00:00:00Z', total(0)],
      ['2026-03-02T10:00:00Z', steps(40, null, { sourceIndex: 1 })],
      ['2026-03-03T00:00:00Z', total(0)],
    );
    const days = ['2026-03-01T00:00:00=9000', '2026-03-02T00:00:00=40', '2026-03-03T00:00:00=0'];
    expect(await sums('2026-03-01', '2026-03-04')).toEqual([3, days]);
    expect(await sums('2026-03-01', '2026-03-04', { timeZone: 'Etc/UTC' })).toEqual([3, days]);
    expect((await buckets('2026-03-01', '2026-03-02', { functions: ['sum', 'count', 'avg'] }))[0]).toMatchObject({
      sum: 9000,
      count: 1,
      avg: 100,
    });
    expect(await sums('2026-03-01', '2026-03-04', { bucket: 'hour' })).toEqual([
      72,
      ['2026-03-01T10:00:00=100', '2026-03-02T10:00:00=40'],
    ]);
  });
});

describe('the wall clock of a zone', () => {
  const hourly = (from: string, count: number): [string, Partial<PointInput>][] =>
    Array.from({ length: count }, (_, n) => [
      new Date(Date.parse(from) + n * 3_600_000).toISOString().replace('.000', ''),
      steps(1),
    ]);

  it('has a day of 23 hours in spring and of 25 in autumn', async () => {
    await userWith(...hourly('2026-03-27T00:00:00Z', 96), ...hourly('2026-10-23T00:00:00Z', 96));
    const berlin = { timeZone: 'Europe/Berlin' };
    expect((await sums('2026-03-28', '2026-03-31', berlin))[1]).toEqual([
      '2026-03-28T00:00:00=24',
      '2026-03-29T00:00:00=23',
      '2026-03-30T00:00:00=24',
    ]);
    const autumn = await buckets('2026-10-24', '2026-10-27', berlin);
    expect(autumn.map(({ start, sum }) => [start, sum])).toEqual([
      ['2026-10-23T22:00:00Z', 24],
      ['2026-10-24T22:00:00Z', 25],
      ['2026-10-25T23:00:00Z', 24],
    ]);
  });

  it('shows one hour twice in autumn and skips one in spring', async () => {
    await userWith(...hourly('2026-10-24T20:00:00Z', 12), ...hourly('2026-03-28T20:00:00Z', 12));
    const hours = { bucket: 'hour', timeZone: 'Europe/Berlin' } as const;
    const autumn = await buckets('2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z', hours);
    expect(autumn.map(({ start, local_start, sum }) => [start, local_start, sum])).toEqual([
      ['2026-10-24T23:00:00Z', '2026-10-25T01:00:00', 1],
      ['2026-10-25T00:00:00Z', '2026-10-25T02:00:00', 1],
      ['2026-10-25T01:00:00Z', '2026-10-25T02:00:00', 1],
      ['2026-10-25T02:00:00Z', '2026-10-25T03:00:00', 1],
    ]);
    const spring = await buckets('2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z', hours);
    expect(spring.map(({ local_start }) => local_start)).toEqual(['2026-03-29T01:00:00', '2026-03-29T03:00:00']);
  });

  it('changes in the middle of an hour on Lord Howe Island, and is off by quarters in Kathmandu', async () => {
    await userWith(...hourly('2026-04-04T12:00:00Z', 6));
    const island = await buckets('2026-04-04T14:00:00Z', '2026-04-04T16:30:00Z', {
      bucket: 'hour',
      timeZone: 'Australia/Lord_Howe',
    });
    expect(island.map(({ start, local_start }) => [start, local_start])).toEqual([
      ['2026-04-04T14:00:00Z', '2026-04-05T01:00:00'],
      ['2026-04-04T15:00:00Z', '2026-04-05T01:30:00'],
      ['2026-04-04T15:30:00Z', '2026-04-05T02:00:00'],
    ]);
    const nepal = await buckets('2026-04-04T12:00:00Z', '2026-04-04T12:30:00Z', {
      bucket: 'hour',
      timeZone: 'Asia/Kathmandu',
    });
    expect(nepal.map(({ start, sum }) => [start, sum])).toEqual([
      ['2026-04-04T11:15:00Z', 1],
      ['2026-04-04T12:15:00Z', null],
    ]);
  });

  it('skips midnight in Santiago and a whole date in Samoa', async () => {
    await userWith(['2011-12-30T09:59:00Z', steps(1)], ['2011-12-30T10:00:00Z', steps(10)]);
    const samoa = await buckets('2011-12-29', '2012-01-01', { timeZone: 'Pacific/Apia' });
    expect(samoa.map(({ start, local_start, sum }) => [start, local_start, sum])).toEqual([
      ['2011-12-29T10:00:00Z', '2011-12-29T00:00:00', 1],
      ['2011-12-30T10:00:00Z', '2011-12-30T00:00:00', null],
      ['2011-12-30T10:00:00Z', '2011-12-31T00:00:00', 10],
    ]);
    const chile = await buckets('2025-09-07', '2025-09-08', { timeZone: 'America/Santiago' });
    expect(chile.map(({ start, local_start }) => [start, local_start])).toEqual([
      ['2025-09-07T04:00:00Z', '2025-09-07T01:00:00'],
    ]);
  });

  it('without a name is UTC for short buckets, aligned to quarters', async () => {
    await userWith(['2026-03-01T10:14:59.999999Z', steps(1, 120)], ['2026-03-01T10:15:00Z', steps(2, 120)]);
    expect(await sums('2026-03-01T10:07:00Z', '2026-03-01T10:31:00Z', { bucket: '15min' })).toEqual([
      3,
      ['2026-03-01T10:00:00=1', '2026-03-01T10:15:00=2'],
    ]);
  });

  it.each(['Mars/Olympus', '+02:00', '', "'; DROP TABLE users"])('of %p does not exist', async (timeZone) => {
    await expect(read('2026-03-01', '2026-03-02', { timeZone })).rejects.toMatchObject({
      status: 400,
      detail: `Unknown time zone: ${timeZone}`,
    });
  });
});

describe('limits', () => {
  it.each([
    ['5min', '2026-01-01', '2026-02-01', 8928],
    ['day', '2000-01-01', '2026-01-01', 9497],
    ['month', '1500-01-01', '2026-01-01', 6312],
  ] as const)('%s from %s to %s are %s buckets', async (bucket, start, end, count) => {
    await expect(read(start, end, { bucket })).rejects.toMatchObject({
      status: 400,
      detail: `Too many buckets: ${count}. Use a larger bucket or a shorter range (at most 5000).`,
    });
  });

  it('are as wide as the platform is set to', async () => {
    expect(await buckets('2026-01-01', '2026-01-05', { maxBuckets: 4 })).toHaveLength(4);
    await expect(read('2026-01-01', '2026-01-06', { maxBuckets: 4 })).rejects.toMatchObject({ status: 400 });
    await expect(read('2026-01-01', '2026-01-02', { bucket: 'hour', maxBuckets: 4 })).rejects.toMatchObject({
      detail: 'Too many buckets: 24. Use a larger bucket or a shorter range (at most 4).',
    });
  });

  it('let 5000 through, and a range that ends before it starts is empty', async () => {
    expect(await buckets('2026-01-01T00:00:00Z', '2026-01-18T08:40:00Z', { bucket: '5min' })).toHaveLength(5000);
    for (const bucket of ['hour', 'day', 'month'] as const) {
      for (const timeZone of [null, 'Asia/Tokyo']) {
        expect(await buckets('2026-03-02', '2026-03-01', { bucket, timeZone })).toEqual([]);
      }
    }
    expect(await buckets('9999-12-30', '9999-12-31T23:00:00Z', { timeZone: 'Asia/Tokyo' })).toHaveLength(1);
    expect(await buckets('0001-01-01', '0001-01-03', { timeZone: 'Asia/Tokyo', bucket: 'week' })).toHaveLength(1);
  });
});
