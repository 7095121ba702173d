import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure, parseIsoInstant, type SeriesCode } from '#libs/model';
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
  types?: SeriesCode[] | null;
  resolution?: Resolution;
  cursor?: string | null;
  limit?: number;
}

const page = (user: GivenUser, asked: Asked = {}): Promise<Paged<TimeseriesItem>> =>
  reader.page(user.id, {
    range: rangeOf(asked.start ?? '2020-01-01', asked.end ?? '2030-01-01'),
    types: asked.types ?? null,
    resolution: asked.resolution ?? 'raw',
    cursor: asked.cursor ?? null,
    limit: asked.limit ?? 50,
  });

const user = (): Promise<GivenUser> => given(database.db).user();
const values = (result: Paged<TimeseriesItem>): number[] => result.data.map((item) => item.value);
const at = (instant: string, value: number, zone: number | null = null): PointSeed => ({ at: instant, value, zone });

describe('an item', () => {
  it('shows the sample, its unit and its source', async () => {
    const owner = await user();
    const watch = await seedSource(database.db, owner.key, {
      provider: 'apple',
      source: 'com.apple.health',
      deviceModel: 'Watch6,1',
      deviceType: 'watch',
    });
    await seedPoints(database.db, owner.key, watch, 'heart_rate', [at('2026-03-04T05:06:07.00012Z', 61.5, 330)]);
    const { data, pagination, metadata } = await page(owner);
    expect(data).toEqual([
      {
        timestamp: '2026-03-04T05:06:07.000120Z',
        zone_offset: '+05:30',
        type: 'heart_rate',
        value: 61.5,
        unit: 'bpm',
        source: {
          provider: 'apple',
          source: 'com.apple.health',
          device: 'Watch6,1',
          device_type: 'watch',
          device_name: expect.stringContaining('Apple Watch'),
        },
        is_daily_total: null,
      },
    ]);
    expect(pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: false, total_count: 1 });
    expect(metadata).toEqual({
      resolution: null,
      sample_count: 1,
      start_time: '2020-01-01T00:00:00Z',
      end_time: '2030-01-01T00:00:00Z',
    });
  });

  it('shows daily totals beside intraday parts, and null where the distinction means nothing', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key, { deviceType: 'toaster' });
    await seedPoints(database.db, owner.key, source, 'steps', [at('2026-03-04T00:00:00Z', 9000)], true);
    await seedPoints(database.db, owner.key, source, 'steps', [at('2026-03-04T00:00:00Z', 12)]);
    await seedPoints(database.db, owner.key, source, 'weight', [at('2026-03-04T00:00:00Z', 80.123)]);
    const { data } = await page(owner);
    expect(data.map(({ type, value, is_daily_total }) => [type, value, is_daily_total])).toEqual([
      ['steps', 9000, true],
      ['steps', 12, false],
      ['weight', 80.123, null],
    ]);
    expect(data[0]!.source).toMatchObject({ device: null, device_type: null, device_name: null });
    expect(data[0]!.zone_offset).toBeNull();
  });
});

describe('what is stored but not known', () => {
  it('shows a source without provider as unknown, an unmapped model as it is, and leaves an unknown series out', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key, { provider: '', deviceModel: 'Toaster 9' });
    await seedPoints(database.db, owner.key, source, 'heart_rate', [at('2026-03-04T10:00:00Z', 60)]);
    const strange = await seedPoints(database.db, owner.key, source, 'weight', [at('2026-03-04T11:00:00Z', 80)]);
    await database.db.query('UPDATE stream SET series_type = 31999 WHERE user_key = $1 AND id = $2', [
      owner.key,
      strange,
    ]);
    for (const resolution of ['raw', '1hour'] as const) {
      const { data, pagination } = await page(owner, { resolution });
      expect(
        data.map(({ type, value, source: { provider, device_name } }) => [type, value, provider, device_name]),
      ).toEqual([['heart_rate', 60, 'unknown', 'Toaster 9']]);
      expect(pagination.total_count).toBe(1);
    }
  });
});

describe('the range', () => {
  let owner: GivenUser;
  beforeAll(async () => {
    owner = await user();
    const source = await seedSource(database.db, owner.key);
    await seedPoints(database.db, owner.key, source, 'heart_rate', [
      at('2026-03-04T23:59:59.999999Z', 1),
      at('2026-03-05T00:00:00Z', 2),
      at('2026-03-05T23:59:59.999999Z', 3),
      at('2026-03-06T00:00:00Z', 4),
      at('2026-03-06T21:59:59.999999Z', 5),
      at('2026-03-06T22:00:00Z', 6),
    ]);
  });

  it.each([
    ['start included, end not', '2026-03-05T00:00:00Z', '2026-03-05T23:59:59.999999Z', [2]],
    ['one microsecond more', '2026-03-05T00:00:00Z', '2026-03-06T00:00:00.000001Z', [2, 3, 4]],
    ['end at midnight takes its day in', '2026-03-05', '2026-03-05', [2, 3]],
    ['so does an explicit midnight', '2026-03-05T00:00:00Z', '2026-03-05T00:00:00Z', [2, 3]],
    ['midnight counts in its own offset', '2026-03-05', '2026-03-06T00:00:00+02:00', [2, 3, 4, 5]],
    ['UTC midnight told in another offset is none', '2026-03-05', '2026-03-06T02:00:00+02:00', [2, 3]],
    ['Unix seconds', '1772668800', '1772755199', [2]],
    ['end before start', '2026-03-06T12:00:00Z', '2026-03-05T12:00:00Z', []],
    ['the ends of time', '0001-01-01', '9999-12-31', [1, 2, 3, 4, 5, 6]],
  ])('%s', async (_, start, end, expected) => {
    const result = await page(owner, { start, end });
    expect(values(result)).toEqual(expected);
    expect(result.pagination.total_count).toBe(expected.length);
  });

  it('echoes its bounds as given', async () => {
    const { metadata } = await page(owner, { start: '2026-03-05T01:00:00+02:00', end: '2026-03-06' });
    expect([metadata.start_time, metadata.end_time]).toEqual(['2026-03-05T01:00:00+02:00', '2026-03-06T00:00:00Z']);
  });

  it('takes all series, or the named ones', async () => {
    const source = await seedSource(database.db, owner.key, { provider: 'oura' });
    await seedPoints(database.db, owner.key, source, 'weight', [at('2026-03-05T12:00:00Z', 80)]);
    const asked = { start: '2026-03-05', end: '2026-03-05' };
    expect(values(await page(owner, asked))).toEqual([2, 80, 3]);
    expect(values(await page(owner, { ...asked, types: ['weight'] }))).toEqual([80]);
    expect(values(await page(owner, { ...asked, types: ['weight', 'heart_rate'] }))).toEqual([2, 80, 3]);
    expect((await page(owner, { ...asked, types: ['height'] })).pagination.total_count).toBe(0);
  });

  it('is empty for a user nobody knows, and for other users', async () => {
    const stranger = { id: '00000000-0000-4000-8000-000000000000', key: 0 };
    for (const someone of [stranger, await user()]) {
      const result = await page(someone);
      expect([result.data, result.pagination.total_count]).toEqual([[], 0]);
    }
  });
});

describe('paging', () => {
  let owner: GivenUser;
  let all: TimeseriesItem[];

  /** Three streams with ties, microsecond neighbours, a gap of years and points in several months. */
  beforeAll(async () => {
    owner = await user();
    const first = await seedSource(database.db, owner.key, { provider: 'garmin' });
    const second = await seedSource(database.db, owner.key, { provider: 'oura' });
    const ties = ['2022-01-01T00:00:00Z', '2022-01-01T00:00:00.000001Z', '2022-01-01T00:00:00.000002Z'];
    const spread = Array.from({ length: 40 }, (_, n) => new Date(Date.UTC(2025, 10, 1 + n * 2)).toISOString());
    const points = (offset: number): PointSeed[] =>
      [...ties, ...spread, '2027-06-30T12:00:00Z'].map((instant, n) => at(instant, offset + n));
    await seedPoints(database.db, owner.key, second, 'heart_rate', points(0));
    await seedPoints(database.db, owner.key, first, 'heart_rate', points(1000));
    await seedPoints(database.db, owner.key, first, 'weight', points(2000).slice(0, 7));
    all = (await page(owner, { limit: 1000 })).data as TimeseriesItem[];
  });

  it('reads in the order of instants, ties by stream', () => {
    expect(all).toHaveLength(95);
    expect(all.slice(0, 6).map((item) => item.value)).toEqual([0, 1000, 2000, 1, 1001, 2001]);
    const instants = all.map((item) => parseIsoInstant(item.timestamp)!);
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  });

  it.each([1, 2, 3, 5, 7, 19, 31, 94, 95, 96, 1000])('forward and back by %d shows every item once', async (limit) => {
    const ask = (cursor: string | null) => page(owner, { cursor, limit });
    const forward = await pagesForward(ask);
    expect(itemsOf(forward)).toEqual(all);
    expect(forward.every(({ pagination }) => pagination.total_count === all.length)).toBe(true);
    expect(forward.every(({ metadata, data }) => metadata.sample_count === data.length)).toBe(true);
    expect(forward.map(({ pagination }) => pagination.has_more)).toEqual(
      forward.map((_, index) => index < forward.length - 1),
    );
    const last = forward.at(-1)!;
    if (forward.length === 1) return;
    const backward = await pagesBackward(ask, last.pagination.previous_cursor!);
    expect(itemsOf([...backward, last])).toEqual(all);
    expect(backward[0]!.pagination.has_more).toBe(false);
    const again = await pagesForward((cursor) => ask(cursor ?? backward[0]!.pagination.next_cursor));
    expect(itemsOf([backward[0]!, ...again])).toEqual(all);
  });

  it('stays inside the range with a cursor outside of it', async () => {
    const early = encodeCursor(['1990-01-01T00:00:00+00:00', '00000000-0000-4000-8000-000000000001'], false);
    const start = '2025-11-01';
    const inside = await page(owner, { start, limit: 3 });
    expect((await page(owner, { start, limit: 3, cursor: early })).data).toEqual(inside.data);
    expect((await page(owner, { start, limit: 3, cursor: `prev_${early}` })).data).toEqual([]);
    const late = encodeCursor(['2199-01-01T00:00:00+00:00', '00000000-0000-4000-8000-000000000001'], true);
    expect((await page(owner, { limit: 3, cursor: late })).data).toEqual(all.slice(-3));
  });

  it.each([
    ['before all streams', '00000000-0000-0000-0000-000000000000', 3],
    ['behind all streams', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 0],
    ['beyond the number of any stream', '00000000-0000-4000-8000-ffffffffffff', 0],
  ])('takes any UUID as a place: %s', async (_, id, ties) => {
    const instant = '2022-01-01T00:00:00.000001+00:00';
    const rest = await page(owner, { limit: 1000, cursor: encodeCursor([instant, id], false) });
    expect(rest.data).toEqual(all.slice(6 - ties));
    const before = await page(owner, { limit: 1000, cursor: encodeCursor([instant, id], true) });
    expect(before.data).toEqual(all.slice(0, 6 - ties));
  });

  it('takes the cursor of another person or of other filters as the place it names, and shows nothing of theirs', async () => {
    const other = await user();
    const source = await seedSource(database.db, other.key);
    const instants = ['2021-12-31T23:59:59Z', '2022-01-01T00:00:00.000003Z', '2022-01-01T00:00:01Z'];
    await seedPoints(
      database.db,
      other.key,
      source,
      'steps',
      instants.map((instant) => at(instant, -1)),
    );
    // Behind the nine ties of 00:00:00 to 00:00:00.000002.
    const cursor = (await page(other, { start: '2022-01-01', limit: 1 })).pagination.next_cursor;
    expect((await page(owner, { limit: 2, cursor })).data).toEqual(all.slice(9, 11));
    expect((await page(owner, { limit: 2, cursor: `prev_${cursor}` })).data).toEqual(all.slice(7, 9));
    // The cursor of a list of weights leads on in the list of everything.
    const weights = await page(owner, { types: ['weight'], limit: 1 });
    expect((await page(owner, { limit: 2, cursor: weights.pagination.next_cursor })).data).toEqual(all.slice(3, 5));
  });

  it('takes Unix seconds in a cursor', async () => {
    const cursor = encodeCursor(['1640995200.000002', 'ffffffff-ffff-ffff-ffff-ffffffffffff'], false);
    expect((await page(owner, { limit: 1, cursor })).data).toEqual(all.slice(9, 10));
  });

  it('refuses what is no cursor', async () => {
    await expect(page(owner, { cursor: 'x' })).rejects.toEqual(
      new Failure(400, "Invalid cursor format: 'x'. Expected 'timestamp|id'."),
    );
  });
});

describe('the total', () => {
  it('is exact for any range', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const instants = Array.from({ length: 400 }, (_, n) =>
      new Date(Date.UTC(2026, 0, 1) + n * 3_333_333).toISOString(),
    );
    for (const [series, from, to] of [
      ['heart_rate', 0, 400],
      ['steps', 30, 350],
      ['weight', 200, 201],
    ] as const) {
      await seedPoints(
        database.db,
        owner.key,
        source,
        series,
        instants.slice(from, to).map((time, n) => at(time, n)),
      );
    }
    const times = (await page(owner, { limit: 1000 })).data.map((item) => item.timestamp);
    expect(times).toHaveLength(721);
    const bounds = [
      '2025-12-31T12:00:00Z',
      '2026-01-01T00:00:01Z',
      '2026-01-01T11:59:59Z',
      '2026-01-01T12:00:00.000001Z',
      '2026-01-01T23:59:59Z',
      '2026-01-02T00:00:00.000001Z',
      '2026-01-05T03:00:00Z',
      '2026-01-05T17:30:00Z',
      '2026-01-14T11:00:00Z',
      '2026-01-16T09:00:00Z',
      '2026-02-01T01:00:00Z',
    ];
    for (const start of bounds) {
      for (const end of bounds) {
        const expected = times.filter(
          (time) => Date.parse(time) >= Date.parse(start) && Date.parse(time) < Date.parse(end),
        );
        const { pagination } = await page(owner, { start, end, limit: 1 });
        expect([start, end, pagination.total_count]).toEqual([start, end, expected.length]);
      }
    }
  });
});
