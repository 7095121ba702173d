import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HealthEraser, HealthWriter } from '#libs/ingest';
import { type HealthBatch, MINUTE, parseIsoInstant, type PointInput, SECOND } from '#libs/model';
import { DashboardReader, DataCountsReader, SleepReader, TimeseriesReader, WorkoutReader } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { rangeOf } from './ranges.js';

jest.setTimeout(60_000);

const NOW = parseIsoInstant('2026-03-10T00:00:00Z')!;
const START = parseIsoInstant('2026-03-03T23:30:00Z')!;
const RANGE = rangeOf('2026-03-01', '2026-03-31');

let database: TestDatabase;
let owner: GivenUser;

/** Heart rate every ten seconds over an hour around midnight, a workout and a night inside of it. */
const BATCH: HealthBatch = {
  provider: 'apple',
  sources: [
    { source: 'Watch', deviceModel: 'Watch6,1', deviceType: null, softwareVersion: '10.1', originalSourceName: null },
  ],
  points: Array.from({ length: 360 }, (_, index): PointInput => ({
    sourceIndex: 0,
    zoneOffset: 60,
    origin: { collection: 'records', index },
    series: 'heart_rate',
    recordedAt: START + index * 10 * SECOND,
    endedAt: null,
    value: 60 + (index % 2),
    isDailyTotal: false,
    externalId: null,
  })),
  workouts: [
    {
      sourceIndex: 0,
      zoneOffset: 60,
      origin: { collection: 'workouts', index: 0 },
      externalId: 'w',
      sourceName: null,
      startedAt: START,
      endedAt: START + 10 * MINUTE,
      type: 'running',
      durationSeconds: 600,
      detail: {
        heartRateMin: null,
        heartRateMax: null,
        heartRateAvg: null,
        energyBurned: null,
        distance: 2000,
        stepsCount: null,
        maxSpeed: null,
        averageSpeed: null,
        maxWatts: null,
        averageWatts: null,
        averageCadence: null,
        movingTimeSeconds: null,
        totalElevationGain: null,
        elevHigh: null,
        elevLow: null,
        segments: null,
        hrZones: null,
        powerZones: null,
        route: [0, 1].map((n) => ({
          at: START + n * SECOND,
          latitude: 52.123456789,
          longitude: 13.1,
          altitudeMeters: null,
          horizontalAccuracyMeters: 4,
        })),
        samples: null,
      },
    },
  ],
  sleepSegments: [
    {
      sourceIndex: 0,
      zoneOffset: 60,
      origin: { collection: 'sleep', index: 0 },
      stage: 'deep',
      startedAt: START + 20 * MINUTE,
      endedAt: START + 50 * MINUTE,
      externalId: null,
      sourceName: null,
      score: null,
    },
  ],
  sleepSessions: [],
  cycles: [],
  scores: [],
  activities: [],
};

beforeAll(async () => {
  database = await openTestDatabase();
  owner = await given(database.db).user();
  const report = await new HealthWriter().write(database.db, owner, BATCH, { now: NOW });
  expect(report.problems).toEqual([]);
});
afterAll(() => database.close());

describe('what the write path stored', () => {
  it('comes back as samples with exact totals of any part', async () => {
    const reader = new TimeseriesReader(database.db);
    const page = (start: string, end: string) =>
      reader.page(owner.id, { range: rangeOf(start, end), types: null, resolution: 'raw', cursor: null, limit: 2 });
    const whole = await page('2026-03-01', '2026-03-31');
    expect(whole.data.map(({ timestamp, value, zone_offset }) => [timestamp, value, zone_offset])).toEqual([
      ['2026-03-03T23:30:00Z', 60, '+01:00'],
      ['2026-03-03T23:30:10Z', 61, '+01:00'],
    ]);
    expect(whole.data[0]!.source).toMatchObject({ provider: 'apple', device: 'Watch6,1', device_type: 'watch' });
    expect(whole.pagination.total_count).toBe(360);
    expect((await page('2026-03-03T23:40:00Z', '2026-03-04T00:10:00Z')).pagination.total_count).toBe(180);
    const hours = await reader.page(owner.id, {
      range: RANGE,
      types: ['heart_rate'],
      resolution: '1hour',
      cursor: null,
      limit: 10,
    });
    expect(hours.data.map(({ timestamp, value }) => [timestamp, value])).toEqual([
      ['2026-03-03T23:00:00Z', 60.5],
      ['2026-03-04T00:00:00Z', 60.5],
    ]);
  });

  it('comes back as a workout with the average of its own samples, its pace and its track', async () => {
    const reader = new WorkoutReader(database.db);
    const { data } = await reader.page(owner.id, { range: RANGE, recordType: null, cursor: null, limit: 10 });
    expect(data).toEqual([
      expect.objectContaining({
        type: 'running',
        avg_heart_rate_bpm: 61,
        avg_pace_sec_per_km: 300,
        zone_offset: '+01:00',
      }),
    ]);
    const route = await reader.route(owner.id, data[0]!.id);
    expect(route!.geometry.coordinates[0]).toEqual([13.1, 52.123456789]);
    expect(route!.properties).toMatchObject({
      times: ['2026-03-03T23:30:00Z', '2026-03-03T23:30:01Z'],
      altitudes_meters: [null, null],
      horizontal_accuracies_meters: [4, 4],
    });
  });

  it('comes back as a night with its stages', async () => {
    const reader = new SleepReader(database.db);
    const query = { range: RANGE, filterByPriority: true, cursor: null, limit: 10 };
    const { data } = await reader.page(owner.id, query);
    expect(data).toEqual([
      expect.objectContaining({
        sleep_duration_seconds: 1800,
        stages: { awake_minutes: 0, light_minutes: 0, deep_minutes: 30, rem_minutes: 0 },
        sleep_stage_intervals: [
          { stage: 'deep', start_time: '2026-03-03T23:50:00Z', end_time: '2026-03-04T00:20:00Z' },
        ],
      }),
    ]);
  });

  it('is counted, and no longer when it is erased', async () => {
    const counts = new DataCountsReader(database.db);
    const everything = { start: null, end: null };
    expect(await counts.read(owner.id, everything)).toMatchObject({
      total_data_points: 360,
      total_workouts: 1,
      total_sleep_events: 1,
      series_type_counts: { heart_rate: 360 },
    });
    const stats = await new DashboardReader(database.db).stats();
    expect([stats.data_points, stats.event_records]).toEqual([
      { count: 360, archived: 0 },
      { count: 2, workouts: 1, sleep: 1, menstrual_cycles: 0 },
    ]);
    await new HealthEraser(database.db).deleteProviderData(owner, 'apple');
    expect(await counts.read(owner.id, everything)).toMatchObject({
      total_data_points: 0,
      total_workouts: 0,
      total_sleep_events: 0,
    });
  });
});
