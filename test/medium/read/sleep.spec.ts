import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Paged, SleepReader, type SleepView } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { summariesOf } from '../summaries/world.js';
import { itemsOf, pagesForward, rangeOf } from './ranges.js';
import { seedDetail, seedEvent, type EventSeed, seedSource, type SourceSeed } from './seed.js';

let database: TestDatabase;
let reader: SleepReader;

beforeAll(async () => {
  database = await openTestDatabase();
  reader = new SleepReader(database.db);
});
afterAll(() => database.close());

interface Asked {
  start?: string;
  end?: string;
  filterByPriority?: boolean;
  cursor?: string | null;
  limit?: number;
}

const page = (user: GivenUser, asked: Asked = {}): Promise<Paged<SleepView>> =>
  reader.page(user.id, {
    range: rangeOf(asked.start ?? '2026-01-01', asked.end ?? '2027-01-01'),
    filterByPriority: asked.filterByPriority ?? false,
    cursor: asked.cursor ?? null,
    limit: asked.limit ?? 50,
  });

const user = (): Promise<GivenUser> => given(database.db).user();
const source = (owner: GivenUser, seed: SourceSeed): Promise<string> => seedSource(database.db, owner.key, seed);
const night = (owner: GivenUser, sourceId: string, seed: Partial<EventSeed> = {}): Promise<string> =>
  seedEvent(database.db, owner.key, sourceId, {
    category: 'sleep',
    type: 'sleep_session',
    startedAt: '2026-03-03T22:00:00Z',
    endedAt: '2026-03-04T06:00:00Z',
    durationSeconds: 28_800,
    ...seed,
  });

describe('a sleep session', () => {
  it('shows what is stored', async () => {
    const owner = await user();
    const id = await night(owner, await source(owner, { provider: 'oura', deviceType: 'ring' }), { zoneOffset: 60 });
    const stages = [{ stage: 'light', start_time: '2026-03-03T22:00:00Z', end_time: '2026-03-03T23:00:00Z' }];
    await seedDetail(database.db, 'sleep_detail', owner.key, id, {
      total_minutes: 431,
      time_in_bed_minutes: 480,
      efficiency_percent: 89.79,
      deep_minutes: 90,
      rem_minutes: null,
      light_minutes: 241,
      awake_minutes: 49,
      is_nap: null,
      stages,
    });
    const shown = {
      id,
      start_time: '2026-03-03T22:00:00Z',
      end_time: '2026-03-04T06:00:00Z',
      zone_offset: '+01:00',
      source: { provider: 'oura', source: null, device: null, device_type: 'ring', device_name: null },
      duration_seconds: 28_800,
      sleep_duration_seconds: 25_860,
      efficiency_percent: 89.79,
      stages: { awake_minutes: 49, light_minutes: 241, deep_minutes: 90, rem_minutes: 0 },
      sleep_stage_intervals: stages,
      is_nap: false,
    };
    expect((await page(owner)).data).toEqual([shown]);
    expect(await reader.one(owner.id, id)).toEqual({ ...shown, local_date: '2026-03-04', time_in_bed_minutes: 480 });
  });

  it.each([
    [0, null],
    [null, null],
    [100, 100],
    [104.2, 100],
  ])('shows an efficiency of %p as %p', async (stored, shown) => {
    const owner = await user();
    const id = await night(owner, await source(owner, {}));
    await seedDetail(database.db, 'sleep_detail', owner.key, id, { efficiency_percent: stored, is_nap: true });
    expect((await page(owner)).data[0]).toMatchObject({ efficiency_percent: shown, is_nap: true });
  });

  it('without a detail row has no stages', async () => {
    const owner = await user();
    await night(owner, await source(owner, {}), { durationSeconds: null });
    expect((await page(owner)).data[0]).toMatchObject({
      duration_seconds: 0,
      sleep_duration_seconds: null,
      stages: null,
      sleep_stage_intervals: null,
      is_nap: false,
    });
  });

  it('is not found under another id, category or user', async () => {
    const owner = await user();
    const sourceId = await source(owner, {});
    const id = await night(owner, sourceId);
    const workout = await night(owner, sourceId, { category: 'workout' });
    const other = await user();
    for (const [who, what] of [
      [owner.id, workout],
      [other.id, id],
      [id, id],
    ] as const) {
      expect(await reader.one(who, what)).toBeNull();
    }
  });

  it('crossing the end of the range is not in it', async () => {
    const owner = await user();
    await night(owner, await source(owner, {}));
    expect((await page(owner, { start: '2026-03-03', end: '2026-03-04T06:00:00Z' })).data).toEqual([]);
    expect((await page(owner, { start: '2026-03-03', end: '2026-03-04T06:00:01Z' })).data).toHaveLength(1);
    expect((await page(owner, { start: '2026-03-05', end: '2026-03-03' })).pagination.total_count).toBe(0);
  });
});

describe('filter_by_priority', () => {
  const providers = (result: Paged<SleepView>): string[] => result.data.map((item) => item.source.provider);

  it('keeps all sessions of the best source of each night', async () => {
    const owner = await user();
    const garmin = await source(owner, { provider: 'garmin' });
    const oura = await source(owner, { provider: 'oura' });
    await night(owner, oura);
    await night(owner, garmin, { startedAt: '2026-03-03T21:00:00Z' });
    await night(owner, garmin, { startedAt: '2026-03-04T12:00:00Z', endedAt: '2026-03-04T13:00:00Z' });
    await night(owner, oura, { startedAt: '2026-03-04T22:00:00Z', endedAt: '2026-03-05T06:00:00Z' });
    expect(providers(await page(owner))).toEqual(['oura', 'garmin', 'oura', 'garmin']);
    const best = await page(owner, { filterByPriority: true });
    expect(providers(best)).toEqual(['oura', 'garmin', 'garmin']);
    expect(best.pagination.total_count).toBe(3);
    const paged = await pagesForward((cursor) => page(owner, { filterByPriority: true, limit: 1, cursor }));
    expect(itemsOf(paged)).toEqual(best.data);
  });

  it('chooses as the summary does: naps of a better device do not hide the night of another', async () => {
    const owner = await user();
    const garmin = await source(owner, { provider: 'garmin' });
    const oura = await source(owner, { provider: 'oura' });
    const isNap = (id: string, value: boolean) =>
      seedDetail(database.db, 'sleep_detail', owner.key, id, { is_nap: value });
    const noon = { startedAt: '2026-03-04T12:00:00Z', endedAt: '2026-03-04T13:00:00Z' };
    const nextNoon = { startedAt: '2026-03-05T12:00:00Z', endedAt: '2026-03-05T13:00:00Z' };
    await isNap(await night(owner, garmin, noon), true);
    await isNap(await night(owner, oura), false);
    // On the next day both have naps alone.
    await isNap(await night(owner, oura, nextNoon), true);
    await isNap(await night(owner, garmin, nextNoon), true);
    expect(providers(await page(owner, { filterByPriority: true }))).toEqual(['garmin', 'oura']);
    const summary = await summariesOf(database.db).sleep(owner.id, {
      range: rangeOf('2026-03-01', '2026-04-01'),
      cursor: null,
      limit: 50,
      explain: false,
    });
    expect(summary.data.map((day) => [day.date, day.source.provider])).toEqual([
      ['2026-03-04', 'oura'],
      ['2026-03-05', 'garmin'],
    ]);
    // A session of which nobody said whether it is a nap is a night.
    await night(owner, garmin, { startedAt: '2026-03-04T03:00:00Z', endedAt: '2026-03-04T05:00:00Z' });
    expect(providers(await page(owner, { filterByPriority: true }))).toEqual(['garmin', 'garmin', 'garmin']);
  });

  it('ranks only what the range holds', async () => {
    const owner = await user();
    await night(owner, await source(owner, { provider: 'oura' }));
    await night(owner, await source(owner, { provider: 'garmin' }), { startedAt: '2026-03-03T20:00:00Z' });
    const asked = { start: '2026-03-03T21:00:00Z', filterByPriority: true };
    expect(providers(await page(owner, asked))).toEqual(['oura']);
  });

  it('goes by the local date on which a night ends', async () => {
    const owner = await user();
    const garmin = await source(owner, { provider: 'garmin' });
    const oura = await source(owner, { provider: 'oura' });
    const sameUtcDay = { startedAt: '2026-03-03T12:00:00Z', endedAt: '2026-03-03T20:00:00Z' };
    await night(owner, garmin, { ...sameUtcDay, zoneOffset: 300 });
    await night(owner, oura, { ...sameUtcDay, zoneOffset: 0 });
    expect(providers(await page(owner, { filterByPriority: true })).sort()).toEqual(['garmin', 'oura']);
    await night(owner, garmin, { ...sameUtcDay, startedAt: '2026-03-03T11:00:00Z', zoneOffset: -420 });
    expect(providers(await page(owner, { filterByPriority: true }))).toEqual(['garmin', 'garmin']);
  });

  it.each<[string, SourceSeed, SourceSeed, string]>([
    ['provider', { provider: 'whoop' }, { provider: 'polar' }, 'polar'],
    ['provider without a rank comes last', { provider: 'homemade' }, { provider: 'sensorbio' }, 'sensorbio'],
    [
      'device type',
      { provider: 'apple', deviceType: 'phone', source: 'p' },
      { provider: 'apple', deviceType: 'watch', source: 'w' },
      'w',
    ],
    [
      'known device type before none',
      { provider: 'apple', source: 'n' },
      { provider: 'apple', deviceType: 'scale', source: 's' },
      's',
    ],
    [
      'the smaller id',
      { id: '20000000-0000-4000-8000-000000000000', provider: 'apple', source: 'b' },
      { id: '10000000-0000-4000-8000-000000000000', provider: 'apple', source: 'a' },
      'a',
    ],
  ])('chooses by %s', async (_, loser, winner, expected) => {
    const owner = await user();
    await night(owner, await source(owner, loser));
    await night(owner, await source(owner, winner));
    const { data } = await page(owner, { filterByPriority: true });
    expect(data.map((item) => item.source.source ?? item.source.provider)).toEqual([expected]);
  });

  it("puts the user's own order first", async () => {
    const owner = await user();
    await night(owner, await source(owner, { provider: 'apple', deviceType: 'watch' }));
    await night(owner, await source(owner, { provider: 'oura', deviceType: 'ring' }));
    await night(owner, await source(owner, { provider: 'whoop', deviceType: 'band' }));
    const prefer = (rank: number, provider: string | null, deviceType: string | null) =>
      database.db.query('INSERT INTO user_priority (user_id, rank, provider, device_type) VALUES ($1, $2, $3, $4)', [
        owner.id,
        rank,
        provider,
        deviceType,
      ]);
    const best = async (): Promise<string[]> => providers(await page(owner, { filterByPriority: true }));
    expect(await best()).toEqual(['apple']);
    await prefer(2, null, 'band');
    expect(await best()).toEqual(['whoop']);
    await prefer(1, 'oura', 'phone');
    expect(await best()).toEqual(['whoop']);
    await prefer(0, 'oura', null);
    expect(await best()).toEqual(['oura']);
  });
});
