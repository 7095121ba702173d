import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { HealthWriter } from '#libs/ingest';
import type { PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';

jest.setTimeout(60_000);

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

/** What the batch announced. */
async function announced(...points: PointInput[]): Promise<Record<string, unknown>[]> {
  await test.db.query('DELETE FROM outbox');
  await writer.write(test.db, user, batchOf(points), { now: NOW });
  const rows = await test.db.query<{ kind: string; payload: Record<string, unknown> }>(
    'SELECT kind, payload FROM outbox WHERE user_key = $1 ORDER BY id',
    [user.key],
  );
  expect(new Set(rows.map((row) => row.kind))).toEqual(rows.length === 0 ? new Set() : new Set(['points.stored']));
  return rows.map((row) => row.payload);
}

it('come once per series, with counts, range and streams', async () => {
  const payloads = await announced(
    point('2026-05-01T10:00:00.000001Z'),
    point('2026-05-01T12:00:00Z', { sourceIndex: 1 }),
    point('2026-05-01T09:00:00Z', { series: 'steps' }),
    point('2026-05-01T00:00:00Z', { series: 'steps', isDailyTotal: true }),
  );
  expect(payloads).toMatchObject([
    {
      provider: 'apple',
      series: 'heart_rate',
      inserted: 2,
      updated: 0,
      from: '2026-05-01T10:00:00.000001Z',
      to: '2026-05-01T12:00:00Z',
      streams: [{ times: null, is_daily_total: false }, { times: null }],
    },
    { series: 'steps', inserted: 2, from: '2026-05-01T00:00:00Z', to: '2026-05-01T09:00:00Z' },
  ]);
});

it('name the changed points where unchanged ones lie in between', async () => {
  const hours = [10, 11, 12, 13, 14].map((hour) => `2026-05-01T${hour}:00:00Z`);
  await announced(...hours.map((time) => point(time)));
  const changed = { value: 70 };
  const [payload] = await announced(
    point(hours[3]!, changed),
    point(hours[0]!),
    point(hours[1]!, changed),
    point('2026-05-01T11:30:00Z'),
  );
  expect(payload).toMatchObject({
    inserted: 1,
    updated: 2,
    streams: [
      {
        from: hours[1],
        to: hours[3],
        times: [at(hours[1]!), at('2026-05-01T11:30:00Z'), at(hours[3]!)],
      },
    ],
  });
});

it('need no list where all points of the range are new', async () => {
  await announced(point('2026-05-01T10:00:00Z'));
  const [later] = await announced(point('2026-05-01T10:00:01Z'), point('2026-05-01T10:00:02Z'));
  expect(later).toMatchObject({ inserted: 2, streams: [{ times: null }] });
  const [around] = await announced(point('2026-05-01T09:00:00Z'), point('2026-05-01T12:00:00Z'));
  expect(around).toMatchObject({ streams: [{ times: [at('2026-05-01T09:00:00Z'), at('2026-05-01T12:00:00Z')] }] });
});

it('do not come when nothing changed', async () => {
  await announced(point('2026-05-01T10:00:00Z'));
  expect(await announced(point('2026-05-01T10:00:00Z'))).toEqual([]);
});
