import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIsoInstant } from '#libs/model';
import { DashboardReader, DataCountsReader, DataSourceReader, MenstrualCycleReader, UserFinder } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { rangeOf } from './ranges.js';
import { seedDetail, seedEvent, seedPoints, seedSource } from './seed.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const user = (): Promise<GivenUser> => given(database.db).user();
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('data sources', () => {
  it('come by provider and model with a name for people', async () => {
    const owner = await user();
    const connection = await given(database.db).connection(owner, 'garmin');
    const seed = (columns: object) => seedSource(database.db, owner.key, columns);
    await seed({ provider: 'garmin', source: 'b', originalSourceName: 'Connect' });
    const full = await seed({
      provider: 'garmin',
      deviceModel: 'Forerunner 255',
      deviceType: 'watch',
      softwareVersion: '20.26',
      connectionId: connection.id,
    });
    await seed({ provider: 'garmin', deviceModel: 'Edge', originalSourceName: 'unused' });
    await seed({ provider: 'apple' });
    const { items, total } = await new DataSourceReader(database.db).list(owner.id);
    expect([total, items.map((item) => item.display_name)]).toEqual([
      4,
      ['Apple', 'Garmin - Edge', 'Garmin - Forerunner 255', 'Garmin - Connect'],
    ]);
    expect(items[2]).toEqual({
      id: full,
      user_id: owner.id,
      provider: 'garmin',
      user_connection_id: connection.id,
      device_model: 'Forerunner 255',
      software_version: '20.26',
      source: null,
      device_type: 'watch',
      original_source_name: null,
      display_name: 'Garmin - Forerunner 255',
    });
  });

  it('are none for strangers', async () => {
    expect(await new DataSourceReader(database.db).list(NOBODY)).toEqual({ items: [], total: 0 });
  });
});

describe('counts', () => {
  let owner: GivenUser;
  let counts: DataCountsReader;

  beforeAll(async () => {
    counts = new DataCountsReader(database.db);
    owner = await user();
    const garmin = await seedSource(database.db, owner.key, { provider: 'garmin' });
    const oura = await seedSource(database.db, owner.key, { provider: 'oura' });
    const days = (n: number) =>
      Array.from({ length: n }, (_, day) => ({ at: `2026-03-0${day + 1}T06:00:00Z`, value: 1 }));
    await seedPoints(database.db, owner.key, garmin, 'steps', days(3));
    await seedPoints(database.db, owner.key, garmin, 'steps', days(2), true);
    await seedPoints(database.db, owner.key, oura, 'heart_rate', days(6));
    await seedPoints(database.db, owner.key, oura, 'steps', days(1));
    const event = (source: string, category: 'workout' | 'sleep' | 'activity', type: string | null, day: number) =>
      seedEvent(database.db, owner.key, source, {
        category,
        type,
        startedAt: `2026-03-0${day}T10:00:00Z`,
        endedAt: `2026-03-0${day}T11:00:00Z`,
      });
    await event(garmin, 'workout', 'running', 1);
    await event(garmin, 'workout', 'running', 2);
    await event(garmin, 'workout', null, 2);
    await event(oura, 'sleep', 'sleep_session', 3);
    await event(oura, 'activity', 'moveiq_x', 3);
  });

  it('are told by series, workout type and provider, the largest first', async () => {
    const result = await counts.read(owner.id, { start: null, end: null });
    expect(result).toEqual({
      user_id: owner.id,
      total_data_points: 12,
      total_workouts: 3,
      total_sleep_events: 1,
      series_type_counts: { heart_rate: 6, steps: 6 },
      workout_type_counts: { running: 2, unknown: 1 },
      by_provider: [
        { provider: 'garmin', data_points: 5, series_counts: { steps: 5 }, workout_count: 3, sleep_count: 0 },
        {
          provider: 'oura',
          data_points: 7,
          series_counts: { heart_rate: 6, steps: 1 },
          workout_count: 0,
          sleep_count: 1,
        },
      ],
      has_womens_health_data: false,
    });
    expect(Object.keys(result.by_provider[1]!.series_counts)).toEqual(['heart_rate', 'steps']);
  });

  it.each([
    ['2026-03-02', null, 8, 2, 1],
    [null, '2026-03-02T06:00:00Z', 4, 1, 0],
    ['2026-03-01T06:00:00Z', '2026-03-01T06:00:00.000001Z', 4, 0, 0],
    ['2026-03-02', '2026-03-01', 0, 0, 0],
  ])('from %p to %p', async (start, end, points, workouts, sleep) => {
    const instant = (text: string | null) => (text === null ? null : parseIsoInstant(text));
    const result = await counts.read(owner.id, { start: instant(start), end: instant(end) });
    expect([result.total_data_points, result.total_workouts, result.total_sleep_events]).toEqual([
      points,
      workouts,
      sleep,
    ]);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    expect(sum(result.by_provider.map((row) => row.data_points))).toBe(points);
    expect(sum(Object.values(result.series_type_counts))).toBe(points);
    expect(result.by_provider.every((row) => row.data_points + row.workout_count + row.sleep_count > 0)).toBe(true);
  });

  it('are zero for strangers', async () => {
    expect(await counts.read(NOBODY, { start: null, end: null })).toEqual({
      user_id: NOBODY,
      total_data_points: 0,
      total_workouts: 0,
      total_sleep_events: 0,
      series_type_counts: {},
      workout_type_counts: {},
      by_provider: [],
      has_womens_health_data: false,
    });
  });
});

describe('menstrual cycles', () => {
  it('show their detail, run beyond the end of the range, and count as data', async () => {
    const owner = await user();
    const source = await seedSource(database.db, owner.key);
    const seed = { category: 'menstrual_cycle', type: 'luteal', endedAt: '2026-04-01T00:00:00Z' } as const;
    const id = await seedEvent(database.db, owner.key, source, { ...seed, startedAt: '2026-03-04T00:00:00Z' });
    await seedEvent(database.db, owner.key, source, { ...seed, startedAt: '2026-03-10T00:00:00Z' });
    await seedDetail(database.db, 'menstrual_cycle_detail', owner.key, id, {
      detail: {
        day_in_cycle: 3,
        is_predicted_cycle: false,
        current_phase_type: 'LUTEAL',
        last_updated_at: '2026-03-05T00:00:00Z',
        cycle_length: 'long',
        pregnancy_snapshot: [{ title: 'x' }],
      },
    });
    const reader = new MenstrualCycleReader(database.db);
    const range = rangeOf('2026-03-04', '2026-03-10');
    const { data, pagination, metadata } = await reader.page(owner.id, { range, cursor: null, limit: 50 });
    expect(data).toEqual([
      {
        id,
        start_time: '2026-03-04T00:00:00Z',
        end_time: '2026-04-01T00:00:00Z',
        zone_offset: null,
        source: { provider: 'garmin', source: null, device: null, device_type: null, device_name: null },
        current_phase: null,
        current_phase_type: 'LUTEAL',
        day_in_cycle: 3,
        cycle_length: null,
        predicted_cycle_length: null,
        is_predicted_cycle: false,
        period_length: null,
        length_of_current_phase: null,
        days_until_next_phase: null,
        fertile_window_start: null,
        length_of_fertile_window: null,
        last_updated_at: '2026-03-05T00:00:00Z',
        has_specified_cycle_length: null,
        has_specified_period_length: null,
        pregnancy_snapshot: [{ title: 'x' }],
      },
    ]);
    expect([pagination.total_count, metadata.end_time]).toEqual([1, '2026-03-10T00:00:00Z']);
    const counts = await new DataCountsReader(database.db).read(owner.id, { start: null, end: null });
    expect([counts.has_womens_health_data, counts.by_provider]).toEqual([true, []]);
  });
});

describe('the user finder', () => {
  it('knows the key of a user, and nobody else', async () => {
    const owner = await user();
    const finder = new UserFinder(database.db);
    expect(await finder.find(owner.id)).toEqual({ id: owner.id, key: owner.key });
    expect(await finder.find(NOBODY)).toBeNull();
  });
});

describe('the dashboard', () => {
  it('counts active connections by user and by provider, six at most, equal ones by name', async () => {
    const reader = new DashboardReader(database.db);
    await database.db.query('DELETE FROM connection');
    const { total_users: before } = await reader.stats();
    const [one, two, three] = [await user(), await user(), await user()];
    const connected: [GivenUser, string][] = [
      [one, 'oura'],
      [two, 'oura'],
      [one, 'polar'],
      [one, 'whoop'],
      [one, 'fitbit'],
      [one, 'suunto'],
      [one, 'strava'],
      [one, 'apple'],
    ];
    for (const [person, provider] of connected) await given(database.db).connection(person, provider);
    await given(database.db).connection(three, 'garmin', { status: 'revoked' });
    await database.db.query(`INSERT INTO platform_counter VALUES ('points', 0, 5), ('points', 1, 7), ('sleeps', 3, 2),
      ('archived_rollups', 2, 4) ON CONFLICT (name, shard) DO UPDATE SET value = excluded.value`);
    const stats = await reader.stats();
    expect(stats.total_users.count).toBe(before.count + 3);
    expect(stats.active_conn.count).toBe(8);
    expect(stats.data_points).toEqual({ count: 12, archived: 4 });
    expect(stats.event_records).toEqual({ count: 0, workouts: 0, sleep: 2, menstrual_cycles: 0 });
    const { top_providers, ...users } = stats.connections_coverage;
    expect(users).toEqual({ users_with_active: 2, users_with_multi_active: 1 });
    expect(top_providers.map(({ count }) => count)).toEqual([2, 1, 1, 1, 1, 1]);
    expect(top_providers.map(({ provider }) => provider)).toEqual('oura apple fitbit polar strava suunto'.split(' '));
  });
});
