import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE, parseIsoInstant } from '#libs/model';
import { encodeCursor, type Paged, type Resolution, type TimeseriesItem, TimeseriesReader } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { itemsOf, pagesBackward, pagesForward, rangeOf } from './ranges.js';
import { type PointSeed, seedPoints, seedSource } from './seed.js';

let database: TestDatabase;
let reader: TimeseriesReader;

beforeAll(async () => {
  database = await openTestDatabase();
  reader = new TimeseriesReader(database.db);
});
afterAll(() => database.close());

interface Asked {
  start?: string;
  end?: string;
  resolution?: Resolution;
  cursor?: string | null;
  limit?: number;
}

const page = (user: GivenUser, asked: Asked = {}): Promise<Paged<TimeseriesItem>> =>
  reader.page(user.id, {
    range: rangeOf(asked.start ?? '2020-01-01', asked.end ?? '2030-01-01'),
    types: null,
    resolution: asked.resolution ?? '1hour',
    cursor: asked.cursor ?? null,
    limit: asked.limit ?? 50,
  });

const user = (): Promise<GivenUser> => given(database.db).user();
const at = (instant: string, value: number, zone: number | null = null): PointSeed => ({ at: instant, value, zone });
const shown = (result: Paged<TimeseriesItem>): unknown[] =>
  result.data.map(({ timestamp, value }) => [timestamp, value]);

describe('a bucket', () => {
  it('averages, sums or takes the largest, as the series wants it, per source', async () => {
    const owner = await user();
    const first = await seedSource(database.db, owner.key, { provider: 'garmin' });
    const second = await seedSource(database.db, owner.key, { provider: 'oura' });
    const points = [
      at('2026-03-04T10:00:00Z', 1.001, -60),
      at('2026-03-04T10:59:59.999999Z', 2, 60),
      at('2026-03-04T11:00:00Z', 7.5),
    ];
    await seedPoints(database.db, owner.key, first, 'heart_rate', points);
    await seedPoints(database.db, owner.key, first, 'steps', points);
    await seedPoints(database.db, owner.key, first, 'steps', [at('2026-03-04T10:00:00Z', 9999)], true);
    await seedPoints(database.db, owner.key, second, 'steps', [at('2026-03-04T10:30:00Z', 4)]);
    const result = await page(owner);
    expect(
      result.data.map((item) => [item.timestamp, item.type, item.source.provider, item.value, item.zone_offset]),
    ).toEqual([
      ['2026-03-04T10:00:00Z', 'heart_rate', 'garmin', 1.501, '-01:00'],
      ['2026-03-04T10:00:00Z', 'steps', 'garmin', 3.001, '-01:00'],
      ['2026-03-04T10:00:00Z', 'steps', 'oura', 4, null],
      ['2026-03-04T11:00:00Z', 'heart_rate', 'garmin', 7.5, null],
      ['2026-03-04T11:00:00Z', 'steps', 'garmin', 7.5, null],
    ]);
    expect(result.data.slice(0, 2).map((item) => [item.unit, item.is_daily_total])).toEqual([
      ['bpm', null],
      ['count', false],
    ]);
    expect(result.pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: false, total_count: 5 });
    expect([result.metadata.resolution, result.metadata.sample_count]).toEqual(['1hour', 5]);
  });

  it('takes the largest of a series that is about the largest', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    await seedPoints(database.db, owner.key, source, 'six_minute_walk_test_distance', [
      at('2026-03-04T10:00:00Z', 480),
      at('2026-03-04T10:20:00Z', 512.0005),
      at('2026-03-04T10:40:00Z', 300),
    ]);
    // Not 1292.0005, not 430.667; and half a thousandth goes away from zero.
    expect(shown(await page(owner))).toEqual([['2026-03-04T10:00:00Z', 512.001]]);
  });

  it('leaves coordinates unrounded and adds decimals without drift', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    await seedPoints(database.db, owner.key, source, 'latitude', [
      at('2026-03-04T10:00:00Z', 52.12345678),
      at('2026-03-04T10:00:01Z', 52.12345679),
    ]);
    await seedPoints(
      database.db,
      owner.key,
      source,
      'distance_walking_running',
      Array.from({ length: 1000 }, (_, n) => at(new Date(Date.UTC(2026, 2, 4, 10, 0, 0, n)).toISOString(), 0.001)),
    );
    expect(shown(await page(owner, { resolution: '1min' }))).toEqual([
      ['2026-03-04T10:00:00Z', 52.123456785],
      ['2026-03-04T10:00:00Z', 1],
    ]);
  });

  it.each([
    ['2.0005 up', [2, 2.001], 2.001],
    ['-2.0005 away from zero', [-2, -2.001], -2.001],
    ['a third', [1, 1, 2], 1.333],
  ])('rounds an average half away from zero: %s', async (_, given_, expected) => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const points = given_.map((value, n) => at(`2026-03-04T10:00:0${n}Z`, value));
    await seedPoints(database.db, owner.key, source, 'body_temperature', points);
    expect(shown(await page(owner))).toEqual([['2026-03-04T10:00:00Z', expected]]);
  });

  it.each([
    ['1min', '2026-03-04T10:19:00Z', '2026-03-04T10:20:00Z'],
    ['5min', '2026-03-04T10:15:00Z', '2026-03-04T10:20:00Z'],
    ['15min', '2026-03-04T10:15:00Z', '2026-03-04T10:15:00Z'],
    ['1hour', '2026-03-04T10:00:00Z', '2026-03-04T10:00:00Z'],
  ] as const)('of %s is aligned to the epoch and may begin before the range', async (resolution, first, second) => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    await seedPoints(database.db, owner.key, source, 'heart_rate', [
      at('2026-03-04T10:19:05Z', 100),
      at('2026-03-04T10:19:40Z', 60),
      at('2026-03-04T10:20:30Z', 80),
      at('2026-03-04T10:21:00Z', 200),
    ]);
    const asked = { resolution, start: '2026-03-04T10:19:30Z', end: '2026-03-04T10:21:00Z' };
    const expected =
      first === second
        ? [[first, 70]]
        : [
            [first, 60],
            [second, 80],
          ];
    const result = await page(owner, asked);
    expect(shown(result)).toEqual(expected);
    expect(result.pagination.total_count).toBe(expected.length);
  });
});

describe('paging over buckets', () => {
  let owner: GivenUser;
  let all: TimeseriesItem[];

  /** Two dense streams with holes, a sparse one, and a gap of years; some buckets begin before their first point. */
  beforeAll(async () => {
    owner = await user();
    const first = await seedSource(database.db, owner.key, { provider: 'garmin' });
    const second = await seedSource(database.db, owner.key, { provider: 'oura' });
    const start = Date.UTC(2026, 2, 4, 10, 7);
    const dense = Array.from({ length: 300 }, (_, n) => at(new Date(start + n * 97_000).toISOString(), n));
    await seedPoints(database.db, owner.key, first, 'heart_rate', [at('2021-05-05T05:05:05Z', 1), ...dense]);
    await seedPoints(
      database.db,
      owner.key,
      second,
      'heart_rate',
      dense.filter((_, n) => n % 60 < 30),
    );
    await seedPoints(database.db, owner.key, first, 'weight', [
      at('2024-02-29T00:00:00Z', 80),
      at('2026-03-04T12:00:00Z', 81),
    ]);
    all = (await page(owner, { resolution: '15min', limit: 1000 })).data as TimeseriesItem[];
  });

  it('shows each bucket that has a point', () => {
    const points = all.filter((item) => item.type === 'heart_rate').map((item) => item.timestamp);
    expect(all).toHaveLength(57);
    expect(points).toContain('2026-03-04T10:00:00Z');
  });

  it.each([1, 2, 3, 7, 10, 56, 57, 58])('forward and back by %d shows every bucket once', async (limit) => {
    const ask = (cursor: string | null) => page(owner, { resolution: '15min', cursor, limit });
    const forward = await pagesForward(ask);
    expect(itemsOf(forward)).toEqual(all);
    expect(forward.every(({ pagination }) => pagination.total_count === all.length)).toBe(true);
    const last = forward.at(-1)!;
    if (forward.length === 1) return;
    const backward = await pagesBackward(ask, last.pagination.previous_cursor!);
    expect(itemsOf([...backward, last])).toEqual(all);
    expect([backward[0]!.pagination.has_more, backward[0]!.pagination.next_cursor]).toEqual([
      false,
      expect.any(String),
    ]);
  });

  it('takes a cursor between two bucket starts', async () => {
    const cursor = encodeCursor(['2026-03-04T10:20:00+00:00', 'ffffffff-ffff-ffff-ffff-ffffffffffff'], false);
    const rest = all.filter((item) => parseIsoInstant(item.timestamp)! > parseIsoInstant('2026-03-04T10:20:00Z')!);
    expect((await page(owner, { resolution: '15min', limit: 1000, cursor })).data).toEqual(rest);
    const before = await page(owner, { resolution: '15min', limit: 1000, cursor: `prev_${cursor}` });
    expect(before.data).toEqual(all.slice(0, all.length - rest.length));
  });
});

describe('a stretch far denser than a statement reads', () => {
  it('is put together from several', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const start = Date.UTC(2026, 2, 4, 10);
    const count = 45_000;
    const dense = Array.from({ length: count }, (_, n) => at(new Date(start + n * 100).toISOString(), n % 10));
    await seedPoints(database.db, owner.key, source, 'heart_rate', [at('2021-05-05T05:05:05Z', 1), ...dense]);
    for (const [resolution, length] of [
      ['1hour', HOUR],
      ['1min', MINUTE],
    ] as const) {
      const forward = await page(owner, { resolution, limit: 1000 });
      const buckets = 1 + Math.ceil((count * 100_000) / length);
      expect(forward.data).toHaveLength(buckets);
      expect(forward.pagination.total_count).toBe(buckets);
      expect(forward.data.slice(1).every((item) => item.value === 4.5)).toBe(true);
      const cursor = encodeCursor(['2100-01-01T00:00:00+00:00', 'ffffffff-ffff-ffff-ffff-ffffffffffff'], true);
      expect((await page(owner, { resolution, limit: 1000, cursor })).data).toEqual(forward.data);
    }
  }, 60_000);
});

describe('the total of buckets', () => {
  it('follows new points', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    await seedPoints(database.db, owner.key, source, 'heart_rate', [at('2026-03-04T10:00:00Z', 1)]);
    expect((await page(owner)).pagination.total_count).toBe(1);
    await seedPoints(database.db, owner.key, source, 'heart_rate', [at('2026-03-04T09:00:00Z', 1)]);
    expect((await page(owner)).pagination.total_count).toBe(2);
  });
});
