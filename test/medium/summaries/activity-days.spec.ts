import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, sample, World } from './world.js';

let world: World;
let person: Person;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** Steps per local date of samples given as [instant, minutes east of UTC, steps]. */
const stepsOf = async (...samples: [string, number, number][]): Promise<Record<string, number>> => {
  person = await world.person();
  await person.write('apple', { points: samples.map(([at, zone, value]) => sample('steps', at, value, { zone })) });
  return steps('2026-01-01', '2027-01-01');
};

const steps = async (start: string, end: string): Promise<Record<string, number>> => {
  const { data } = await person.activity(start, end);
  return Object.fromEntries(data.map((day) => [day.date, day.steps]));
};

describe('a local date', () => {
  it('begins and ends at the wearer’s midnight, to the microsecond', async () => {
    expect(
      await stepsOf(
        ['2026-03-03T22:59:59.999999Z', 60, 1],
        ['2026-03-03T23:00:00Z', 60, 10],
        ['2026-03-04T22:59:59.999999Z', 60, 100],
        ['2026-03-04T23:00:00Z', 60, 1000],
      ),
    ).toEqual({ '2026-03-03': 1, '2026-03-04': 110, '2026-03-05': 1000 });
  });

  it.each([
    // 02:00 becomes 03:00 on March 29: the date has 23 hours.
    [
      'spring',
      '2026-03-29',
      [
        ['2026-03-28T22:59:00Z', 60],
        ['2026-03-28T23:00:00Z', 60],
        ['2026-03-29T00:59:00Z', 60],
        ['2026-03-29T01:00:00Z', 120],
        ['2026-03-29T21:59:00Z', 120],
        ['2026-03-29T22:00:00Z', 120],
      ],
    ],
    // 03:00 becomes 02:00 on October 25: the date has 25 hours.
    [
      'autumn',
      '2026-10-25',
      [
        ['2026-10-24T21:59:00Z', 120],
        ['2026-10-24T22:00:00Z', 120],
        ['2026-10-25T00:59:00Z', 120],
        ['2026-10-25T01:00:00Z', 60],
        ['2026-10-25T22:59:00Z', 60],
        ['2026-10-25T23:00:00Z', 60],
      ],
    ],
  ] as const)('is whole when the clocks change in %s', async (_, date, instants) => {
    const found = await stepsOf(...instants.map(([at, zone], n): [string, number, number] => [at, zone, 10 ** n]));
    expect(Object.values(found)).toEqual([1, 11_110, 100_000]);
    expect(Object.keys(found)[1]).toBe(date);
  });

  it('at UTC+14 and UTC-11 is the one on the wall, a day and more apart', async () => {
    expect(
      await stepsOf(
        ['2026-03-04T10:00:00Z', 840, 1],
        ['2026-03-04T09:59:00Z', 840, 2],
        ['2026-03-04T10:30:00Z', -660, 4],
      ),
    ).toEqual({ '2026-03-03': 4, '2026-03-04': 2, '2026-03-05': 1 });
  });

  it('is lived twice by who flies east over the dateline, and skipped by who flies west', async () => {
    // Auckland (+13) on the evening of the 5th, then Honolulu (-10) on the morning of the same date.
    expect(await stepsOf(['2026-03-05T07:00:00Z', 780, 1], ['2026-03-05T18:00:00Z', -600, 2])).toEqual({
      '2026-03-05': 3,
    });
    // Honolulu on the 4th, Auckland 9 hours later on the 6th.
    expect(await stepsOf(['2026-03-05T08:00:00Z', -600, 1], ['2026-03-05T17:00:00Z', 780, 2])).toEqual({
      '2026-03-04': 1,
      '2026-03-06': 2,
    });
  });

  it('without an offset is the one of UTC', async () => {
    person = await world.person();
    await person.write('apple', { points: [sample('steps', '2026-03-04T23:59:59Z', 7)] });
    expect(await steps('2026-01-01', '2027-01-01')).toEqual({ '2026-03-04': 7 });
  });
});

describe('the range', () => {
  beforeAll(async () => {
    await stepsOf(['2026-03-03T12:00:00Z', 0, 3], ['2026-03-03T23:30:00Z', 60, 4], ['2026-03-05T12:00:00Z', 0, 5]);
  });

  it.each([
    ['2026-03-03', '2026-03-05', { '2026-03-03': 3, '2026-03-04': 4 }],
    ['2026-03-04', '2026-03-05', { '2026-03-04': 4 }],
    ['2026-03-04T23:59:59Z', '2026-03-05T23:00:00Z', { '2026-03-04': 4 }],
    ['2026-03-04T01:00:00+02:00', '2026-03-04', { '2026-03-03': 3 }],
    ['2026-03-05', '2026-03-06', { '2026-03-05': 5 }],
    ['2026-03-06', '2026-03-01', {}],
    ['0001-01-01', '9999-12-31', { '2026-03-03': 3, '2026-03-04': 4, '2026-03-05': 5 }],
  ])('from %s to %s takes whole dates and leaves the last out', async (start, end, found) => {
    expect(await steps(start, end)).toEqual(found);
  });

  it('is echoed as it was given', async () => {
    const page = await person.activity('2026-03-04T01:00:00+02:00', '2026-03-05');
    expect(page.metadata).toEqual({
      resolution: null,
      sample_count: 2,
      start_time: '2026-03-04T01:00:00+02:00',
      end_time: '2026-03-05T00:00:00Z',
    });
  });
});
