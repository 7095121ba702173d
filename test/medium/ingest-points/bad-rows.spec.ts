import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { HealthWriter } from '#libs/ingest';
import { DAY, HOUR, type PointInput, type RowProblem } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { stateOf } from './derived-state.js';

jest.setTimeout(60_000);

const TIME = '2026-05-01T10:00:00Z';

let test: TestDatabase;
let user: { id: string; key: number };
const writer = new HealthWriter();

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  user = await given(test.db).user();
});

const DROPPED: [string, Partial<PointInput>, string, string][] = [
  ['NaN', { value: NaN }, 'value', 'value is not a finite number'],
  ['infinity', { value: -Infinity }, 'value', 'value is not a finite number'],
  ['ten million', { value: 1e7 }, 'value', 'value is out of range'],
  ['minus ten million', { value: -1e7 }, 'value', 'value is out of range'],
  ['what rounds to ten million', { value: 9_999_999.9996 }, 'value', 'value is out of range'],
  ['an unknown series', { series: 'aura' }, 'series', 'unknown series type'],
  ['an unknown source', { sourceIndex: 2 }, 'sourceIndex', 'unknown source'],
  ['the day after tomorrow', { recordedAt: NOW + 2 * DAY + 1 }, 'recordedAt', 'recorded in the future'],
  ['no time', { recordedAt: NaN }, 'recordedAt', 'invalid time'],
  ['half a microsecond', { recordedAt: at(TIME) + 0.5 }, 'recordedAt', 'invalid time'],
  ['a time before all times', { recordedAt: -9e15 }, 'recordedAt', 'invalid time'],
];

it.each(DROPPED)('drops %s and keeps its neighbours', async (_, fields, path, message) => {
  const good = point(TIME);
  const batch = batchOf([good, point(at(TIME) + HOUR, fields), point(at(TIME) + 2 * HOUR)]);
  const report = await writer.write(test.db, user, batch, { now: NOW });
  expect(report.points).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
  expect(report.problems).toEqual([{ collection: 'records', index: 1, path, message, severity: 'dropped' }]);
});

it.each<[string, Partial<PointInput>, RowProblem['path'], object]>([
  ['an offset beyond 18 hours', { zoneOffset: 1081 }, 'zoneOffset', { zone_offset: null }],
  ['a broken offset', { zoneOffset: 59.5 }, 'zoneOffset', { zone_offset: null }],
  ['an end before the start', { endedAt: at(TIME) - 1 }, 'endedAt', { ended_at: null }],
  ['an end beyond all times', { endedAt: 9e15 }, 'endedAt', { ended_at: null }],
])('stores a point with %s without it', async (_, fields, path, stored) => {
  const report = await writer.write(test.db, user, batchOf([point(TIME, fields)]), { now: NOW });
  expect(report.problems).toMatchObject([{ index: 0, path, severity: 'warning' }]);
  expect(await stateOf(test.db, user)).toMatchObject({ points: [stored] });
});

it('takes everything that is possible', async () => {
  const extremes: Partial<PointInput>[] = [
    { value: 9_999_999.999 },
    { value: -9_999_999.999, zoneOffset: -1080 },
    { value: -0, zoneOffset: 1080 },
    { value: 0.0005, endedAt: at('2254-12-31T00:00:00Z') },
    { series: 'latitude', value: 52.520_006_599_99 },
    { recordedAt: NOW + 2 * DAY },
    { recordedAt: at('1900-01-01T00:00:00Z') },
    { series: 'steps', endedAt: at('2254-12-31T00:00:00Z'), externalId: '🚶'.repeat(200) },
  ];
  const points = extremes.map((fields, i) => point(at(TIME) + i * HOUR, fields));
  const report = await writer.write(test.db, user, batchOf(points), { now: NOW });
  expect(report.problems).toEqual([]);
  expect(report.points.inserted).toBe(points.length);
  const values = await test.db.query<{ value: number }>('SELECT value FROM point WHERE user_key = $1', [user.key]);
  expect(values.map((row) => row.value)).toEqual(expect.arrayContaining([0, 0.001, 52.520_006_599_99, -9_999_999.999]));
});

it('writes nothing for a batch of nothing but bad rows', async () => {
  const report = await writer.write(test.db, user, batchOf([point(TIME, { value: NaN })]), { now: NOW });
  expect(report.points).toEqual({ inserted: 0, updated: 0, unchanged: 0 });
  expect(await test.db.query('SELECT id FROM stream WHERE user_key = $1', [user.key])).toEqual([]);
});
