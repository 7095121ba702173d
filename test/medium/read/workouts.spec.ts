import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure } from '#libs/model';
import { encodeCursor, type Paged, WorkoutReader, type WorkoutView } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { itemsOf, pagesBackward, pagesForward, rangeOf } from './ranges.js';
import { seedDetail, seedEvent, type EventSeed, seedPoints, seedSource } from './seed.js';

let database: TestDatabase;
let reader: WorkoutReader;

beforeAll(async () => {
  database = await openTestDatabase();
  reader = new WorkoutReader(database.db);
});
afterAll(() => database.close());

interface Asked {
  start?: string;
  end?: string;
  recordType?: string | null;
  cursor?: string | null;
  limit?: number;
}

const page = (user: GivenUser, asked: Asked = {}): Promise<Paged<WorkoutView>> =>
  reader.page(user.id, {
    range: rangeOf(asked.start ?? '2026-01-01', asked.end ?? '2027-01-01'),
    recordType: asked.recordType ?? null,
    cursor: asked.cursor ?? null,
    limit: asked.limit ?? 50,
  });

const user = (): Promise<GivenUser> => given(database.db).user();

const workout = (owner: GivenUser, source: string, seed: Partial<EventSeed> = {}): Promise<string> =>
  seedEvent(database.db, owner.key, source, {
    category: 'workout',
    type: 'running',
    startedAt: '2026-03-04T10:00:00Z',
    endedAt: '2026-03-04T11:00:00Z',
    durationSeconds: 3600,
    ...seed,
  });

const detail = (owner: GivenUser, id: string, columns: Record<string, unknown>): Promise<void> =>
  seedDetail(database.db, 'workout_detail', owner.key, id, columns);

describe('a workout in the list', () => {
  it('shows what is stored', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key, {
      provider: 'garmin',
      source: 'garmin',
      deviceModel: 'Forerunner 255',
      deviceType: 'watch',
    });
    const id = await workout(owner, source, {
      startedAt: '2026-03-04T10:00:00.000001Z',
      zoneOffset: -210,
      durationSeconds: 3500,
    });
    await detail(owner, id, {
      heart_rate_avg: 142.5,
      heart_rate_max: 171,
      energy_burned: 512.25,
      distance: 10_010.5,
      average_speed: 2.86,
      total_elevation_gain: 88,
    });
    const { data, pagination, metadata } = await page(owner);
    expect(data).toEqual([
      {
        id,
        type: 'running',
        name: null,
        start_time: '2026-03-04T10:00:00.000001Z',
        end_time: '2026-03-04T11:00:00Z',
        zone_offset: '-03:30',
        duration_seconds: 3500,
        source: {
          provider: 'garmin',
          source: 'garmin',
          device: 'Forerunner 255',
          device_type: 'watch',
          device_name: 'Forerunner 255',
        },
        calories_kcal: 512.25,
        distance_meters: 10_010.5,
        avg_heart_rate_bpm: 142,
        max_heart_rate_bpm: 171,
        avg_pace_sec_per_km: 349,
        elevation_gain_meters: 88,
      },
    ]);
    expect(pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: false, total_count: 1 });
    expect(metadata).toEqual({
      resolution: null,
      sample_count: 1,
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2027-01-01T00:00:00Z',
    });
  });

  it('shows zeros and what is missing as null', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const id = await workout(owner, source, { type: null, durationSeconds: null });
    await workout(owner, source, { startedAt: '2026-03-04T09:00:00Z' });
    await detail(owner, id, { energy_burned: 0, distance: 0, total_elevation_gain: 0, heart_rate_avg: 0 });
    const { data } = await page(owner);
    const empty = { calories_kcal: null, distance_meters: null, elevation_gain_meters: null, max_heart_rate_bpm: null };
    expect(data[0]).toMatchObject({ ...empty, type: 'unknown', duration_seconds: null, avg_heart_rate_bpm: 0 });
    expect(data[1]).toMatchObject({ ...empty, type: 'running', avg_heart_rate_bpm: null, avg_pace_sec_per_km: null });
  });

  it.each([
    ['speed', 'running', { average_speed: 3 }, 3600, 333],
    // 1000 / 6.6 = 151.5: what workout.created says of the same speed.
    ['speed, cut', 'running', { average_speed: 6.6 }, 3600, 151],
    ['speed before distance', 'running', { average_speed: 2.5, distance: 1 }, 3600, 400],
    ['no speed, distance', 'walking', { distance: 7000 }, 3600, 514],
    ['standing still', 'running', { average_speed: 0, distance: 5000 }, 3600, null],
    ['no distance', 'running', { distance: 0 }, 3600, null],
    ['nothing', 'running', {}, 3600, null],
    ['no duration', 'running', { distance: 5000 }, null, null],
    ['a type without pace', 'yoga', { average_speed: 3, distance: 5000 }, 3600, null],
    ['an unknown type', 'moon_walking', { average_speed: 3 }, 3600, null],
  ])('has the pace of %s', async (_, type, columns, durationSeconds, pace) => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    await detail(owner, await workout(owner, source, { type, durationSeconds }), columns);
    expect((await page(owner)).data[0]!.avg_pace_sec_per_km).toBe(pace);
  });
});

describe('the average heart rate', () => {
  it.each([
    [142.5, 142],
    [143.5, 144],
    [142.51, 143],
  ])('of the vendor, %d, is rounded to %d', async (stored, shown) => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    await detail(owner, await workout(owner, source), { heart_rate_avg: stored });
    expect((await page(owner)).data[0]!.avg_heart_rate_bpm).toBe(shown);
  });

  it('comes from the samples of the same source when the vendor sent none', async () => {
    const owner = await user();
    const own = await seedSource(database.db, owner.key, { provider: 'garmin' });
    const other = await seedSource(database.db, owner.key, { provider: 'oura' });
    const samples = [{ at: '2026-03-04T10:30:00Z', value: 1 }];
    const ownPulse = await seedPoints(database.db, owner.key, own, 'heart_rate', samples);
    const ownSteps = await seedPoints(database.db, owner.key, own, 'steps', samples);
    const otherPulse = await seedPoints(database.db, owner.key, other, 'heart_rate', samples);
    const id = await workout(owner, own);
    await detail(owner, id, { heart_rate_max: 170 });
    for (const [stream_id, sum_value] of [
      [ownPulse, 285],
      [ownSteps, 9000],
      [otherPulse, 80],
    ]) {
      await seedDetail(database.db, 'event_vital', owner.key, id, { stream_id, point_count: 2, sum_value });
    }
    expect((await page(owner)).data[0]!.avg_heart_rate_bpm).toBe(143);
    await detail(
      owner,
      await workout(owner, own, { startedAt: '2026-03-05T10:00:00Z', endedAt: '2026-03-05T11:00:00Z' }),
      {},
    );
    expect((await page(owner)).data[0]!.avg_heart_rate_bpm).toBeNull();
  });
});

describe('the list', () => {
  let owner: GivenUser;
  let newestFirst: string[];

  beforeAll(async () => {
    owner = await user();
    const source = await seedSource(database.db, owner.key);
    const times = ['10:00:00Z', '10:00:00Z', '10:00:00.000001Z', '10:00:00Z', '12:00:00Z', '09:00:00Z', '13:00:00Z'];
    const ids: { id: string; startedAt: string }[] = [];
    for (const [n, time] of times.entries()) {
      const startedAt = `2026-03-04T${time}`;
      const id = await workout(owner, source, { startedAt, endedAt: `2026-03-04T13:00:0${n}Z` });
      ids.push({ id, startedAt });
    }
    newestFirst = ids
      .map(({ id, startedAt }) => ({ id, key: startedAt.replace('00Z', '00.000000Z') + id }))
      .sort((a, b) => (a.key < b.key ? 1 : -1))
      .map(({ id }) => id);
  });

  const ids = (result: Paged<WorkoutView>): string[] => result.data.map((item) => item.id);

  it('is newest first, ties by id', async () => expect(ids(await page(owner))).toEqual(newestFirst));

  it.each([1, 2, 3, 4, 6, 7, 8])('forward and back by %d shows every workout once', async (limit) => {
    const ask = (cursor: string | null) => page(owner, { cursor, limit });
    const forward = await pagesForward(ask);
    expect(itemsOf(forward).map((item) => item.id)).toEqual(newestFirst);
    expect(forward.every(({ pagination }) => pagination.total_count === 7)).toBe(true);
    const last = forward.at(-1)!;
    if (forward.length === 1) return;
    const backward = await pagesBackward(ask, last.pagination.previous_cursor!);
    expect(itemsOf([...backward, last]).map((item) => item.id)).toEqual(newestFirst);
    const again = await ask(backward[0]!.pagination.next_cursor);
    expect(ids(again)).toEqual(newestFirst.slice(backward[0]!.data.length).slice(0, limit));
  });

  it('refuses what is no cursor and takes any place', async () => {
    await expect(page(owner, { cursor: 'prev_x' })).rejects.toEqual(
      new Failure(400, "Invalid cursor format: 'x'. Expected 'timestamp|id'."),
    );
    const cursor = encodeCursor(['2026-03-04T10:00:00+00:00', 'FFFFFFFF-ffff-ffff-ffff-ffffffffffff'], false);
    expect(ids(await page(owner, { cursor }))).toEqual(newestFirst.slice(3));
  });

  it.each([
    ['start included', '2026-03-04T13:00:00Z', '2026-03-05', 1],
    ['start excluded a microsecond later', '2026-03-04T13:00:00.000001Z', '2026-03-05', 0],
    ['end excluded', '2026-03-04', '2026-03-04T13:00:03Z', 3],
    ['crossing the end leaves out', '2026-03-04', '2026-03-04T13:00:00Z', 0],
    ['end at midnight takes no further day', '2026-03-03', '2026-03-04', 0],
    ['end before start', '2026-03-05', '2026-03-04', 0],
    ['the ends of time', '0001-01-01', '9999-12-31', 7],
  ])('range: %s', async (_, start, end, count) => {
    const result = await page(owner, { start, end });
    expect([result.data.length, result.pagination.total_count]).toEqual([count, count]);
  });

  it('is empty for strangers and leaves other categories out', async () => {
    const someone = await user();
    const source = await seedSource(database.db, someone.key);
    await workout(someone, source, { category: 'activity' });
    for (const stranger of [someone, { id: '00000000-0000-4000-8000-000000000000', key: 0 }]) {
      expect((await page(stranger)).pagination).toMatchObject({ total_count: 0, has_more: false });
    }
  });
});

describe('record_type', () => {
  it.each([
    ['running', ['running', 'trail_running']],
    ['RUN', ['running', 'trail_running']],
    ['_', ['trail_running']],
    ['%', []],
    ['', ['cycling', 'running', 'trail_running', 'unknown']],
    ["' OR true --", []],
  ])('%j finds %j', async (recordType, expected) => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    for (const [n, type] of ['running', 'trail_running', 'cycling', null].entries()) {
      await workout(owner, source, { type, startedAt: `2026-03-04T0${n}:00:00Z` });
    }
    const result = await page(owner, { recordType });
    expect(result.data.map((item) => item.type).sort()).toEqual(expected);
    expect(result.pagination.total_count).toBe(expected.length);
  });
});

describe('a single workout', () => {
  it('shows segments, zones and whether there is a track', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const id = await workout(owner, source);
    const segments = [{ kind: 'lap', index: 0, elapsed_seconds: 300 }];
    const zones = { zones: [{ zone: 0, seconds: 12.5, max_bpm: 100 }], max_hr: 190, threshold_hr: null };
    await detail(owner, id, { segments, hr_zones: zones, steps_count: 9000, heart_rate_min: 60, average_watts: 201.5 });
    expect(await reader.one(owner.id, id)).toMatchObject({
      id,
      segments,
      hr_zones: zones,
      power_zones: null,
      steps_count: 9000,
      min_heart_rate_bpm: 60,
      average_watts: 201.5,
      has_route: false,
      has_samples: false,
    });
    expect(await reader.route(owner.id, id)).toBeNull();
    expect(await reader.samples(owner.id, id)).toEqual([]);
  });

  it('has its track as GeoJSON and its samples as delivered', async () => {
    const owner = await user();
    const id = await workout(owner, await seedSource(database.db, owner.key));
    const point = { time: '2026-03-04T10:00:00Z', latitude: 52.1234567, longitude: 13.7654321 };
    const route = [
      { ...point, altitude_meters: 34.5, horizontal_accuracy_meters: 3 },
      { ...point, time: null, altitude_meters: null, horizontal_accuracy_meters: null },
    ];
    const samples = [{ type: 'power', values: [1, 2] }];
    await seedDetail(database.db, 'workout_track', owner.key, id, { route, samples });
    expect(await reader.one(owner.id, id)).toMatchObject({ has_route: true, has_samples: true });
    expect(await reader.samples(owner.id, id)).toEqual(samples);
    expect(await reader.route(owner.id, id)).toEqual({
      type: 'Feature',
      geometry: {
        type: 'LineString',
        coordinates: [
          [13.7654321, 52.1234567, 34.5],
          [13.7654321, 52.1234567],
        ],
      },
      properties: {
        workout_id: id,
        times: ['2026-03-04T10:00:00Z', null],
        altitudes_meters: [34.5, null],
        horizontal_accuracies_meters: [3, null],
      },
    });
  });

  it('has no line out of a single position', async () => {
    const owner = await user();
    const id = await workout(owner, await seedSource(database.db, owner.key));
    const route = [{ time: null, latitude: 1, longitude: 2, altitude_meters: null, horizontal_accuracy_meters: null }];
    await seedDetail(database.db, 'workout_track', owner.key, id, { route });
    expect(await reader.one(owner.id, id)).toMatchObject({ has_route: false });
    expect(await reader.route(owner.id, id)).toBeNull();
  });

  it('is not found under another id, category or user', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const id = await workout(owner, source);
    const sleep = await workout(owner, source, { category: 'sleep' });
    const other = await user();
    for (const [who, what] of [
      [owner.id, sleep],
      [other.id, id],
      [id, id],
      [owner.id, owner.id],
    ] as const) {
      expect(await reader.one(who, what)).toBeNull();
      expect(await reader.route(who, what)).toBeUndefined();
      expect(await reader.samples(who, what)).toBeNull();
    }
  });
});
