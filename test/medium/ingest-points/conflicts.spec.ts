import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { MINUTE, type PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { stateOf } from './derived-state.js';

jest.setTimeout(60_000);

const START = at('2026-05-01T10:00:00Z');

let test: TestDatabase;
let user: { id: string; key: number };
const writer = new HealthWriter();
const write = (points: PointInput[]) => writer.write(test.db, user, batchOf(points), { now: NOW });

/** A step sample of START with an id, a length in minutes and a value. */
const steps = (externalId: string | null, minutes: number | null, value: number): PointInput =>
  point(START, { series: 'steps', externalId, endedAt: minutes === null ? null : START + minutes * MINUTE, value });
const heartRate = (externalId: string | null, minutes: number | null, value: number): PointInput => ({
  ...steps(externalId, minutes, value),
  series: 'heart_rate',
});

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

const CASES: [string, PointInput[], number][] = [
  ['of two samples the longer one, when it comes first', [steps('a', 30, 300), steps('b', 5, 50)], 300],
  ['of two samples the longer one, when it comes last', [steps('b', 5, 50), steps('a', 30, 300)], 300],
  ['of two equally long samples the later delivery', [steps('a', 5, 50), steps('b', 5, 60)], 60],
  ['of one sample the later delivery, even when it is shorter', [steps('a', 30, 300), steps('a', 5, 50)], 50],
  ['of samples without id the later delivery, even when it is shorter', [steps(null, 30, 300), steps(null, 5, 50)], 50],
  ['the sample that has an end', [steps('a', 5, 50), steps('b', null, 7)], 50],
  ['a longer sample without id before a shorter one with id', [steps(null, 30, 300), steps('b', 5, 50)], 300],
  ['of a series that is not summed always the later delivery', [heartRate('a', 30, 90), heartRate('b', 5, 50)], 50],
];

describe('of samples with equal start stays', () => {
  it.each(CASES)('%s, in one batch', async (_, points, expected) => {
    await write(points);
    expect(await stateOf(test.db, user)).toMatchObject({ points: [{ value: expected }] });
  });

  it.each(CASES)('%s, batch after batch', async (_, points, expected) => {
    for (const one of points) await write([one]);
    expect(await stateOf(test.db, user)).toMatchObject({
      points: [{ value: expected }],
      rollups: [{ point_count: 1, sum_value: expected }],
      days: [{ point_count: 1 }],
    });
    await write(points);
    const settled = await stateOf(test.db, user);
    expect((await write(points)).points).toEqual({ inserted: 0, updated: 0, unchanged: points.length });
    expect(await stateOf(test.db, user)).toEqual(settled);
  });
});

it('stores an end that equals the start as no end', async () => {
  await write([steps('a', 0, 5)]);
  expect(await stateOf(test.db, user)).toMatchObject({ points: [{ ended_at: null }] });
});

it('tells the sample id only of summed series', async () => {
  await write([steps('a', 5, 5), heartRate('a', null, 60)]);
  const { points } = await stateOf(test.db, user);
  expect((points as { origin: number | null }[]).map(({ origin }) => typeof origin)).toEqual(['object', 'number']);
});
