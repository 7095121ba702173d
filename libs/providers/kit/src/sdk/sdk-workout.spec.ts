import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant, type WorkoutDetailInput } from '#libs/model';
import { EMPTY_WORKOUT_DETAIL } from '../workout-detail.js';
import { SdkMapper, type SdkMapping } from './sdk-mapper.js';

const apple = new SdkMapper({ provider: 'apple', reportsFractions: true, deliversSleepScore: false });
const google = new SdkMapper({ provider: 'google', reportsFractions: false, deliversSleepScore: false });

const START = '2031-03-03T17:00:00Z';
const END = '2031-03-03T17:41:00.5Z';
const map = (given: object, mapper = apple): SdkMapping =>
  mapper.map({
    collection: 'workouts',
    startIndex: 4,
    items: [{ id: 'w', type: 'running', startDate: START, endDate: END, ...given }],
  });
const statistics = (values: Record<string, unknown>): object => ({
  values: Object.entries(values).map(([type, value]) => ({ type, unit: '', value })),
});
const detailOf = (values: Record<string, unknown>): WorkoutDetailInput =>
  map(statistics(values)).batch.workouts[0]!.detail;

describe('workouts', () => {
  it('keep times, type, id, offset and writer', () => {
    const { batch, problems } = map({ zoneOffset: '+01:00', source: { name: 'Runner', deviceModel: 'Watch7,1' } });
    expect(problems).toEqual([]);
    expect(batch.workouts).toEqual([
      {
        type: 'running',
        sourceIndex: 0,
        sourceName: 'Runner',
        externalId: 'w',
        startedAt: parseIsoInstant(START),
        endedAt: parseIsoInstant(END),
        zoneOffset: 60,
        durationSeconds: 2460,
        detail: EMPTY_WORKOUT_DETAIL,
        origin: { collection: 'workouts', index: 4 },
      },
    ]);
  });

  it.each([
    [null, null],
    ['other', 'generic'],
    ['UNKNOWN_79', 'other'],
    [' Hiking ', 'hiking'],
  ])('of type %j are %j', (type, code) => expect(map({ type }).batch.workouts[0]!.type).toBe(code));

  it.each([
    [[{ type: 'duration', unit: 's', value: 2400.9 }], 2400],
    [[{ type: 'totalDuration', unit: 'MS', value: 2400999 }], 2400],
    [[{ type: 'duration', unit: 'min', value: '40' }], 40],
    [
      [
        { type: 'duration', unit: 's', value: 1 },
        { type: 'totalDuration', unit: 's', value: 2 },
      ],
      2,
    ],
    [[{ type: 'duration', unit: 's', value: -1 }], 2460],
    [[{ type: 'duration', unit: 's', value: true }], 2460],
    [[{ type: 'DURATION', unit: 's', value: 5 }], 2460],
    [null, 2460],
  ])('with %j last %d s', (values, seconds) =>
    expect(map({ values }).batch.workouts[0]!.durationSeconds).toBe(seconds),
  );

  it.each([
    [{ totalCalories: 500, calories: 400, activeEnergyBurned: 300, basalEnergyBurned: 50, totalEnergyBurned: 20 }, 500],
    [{ calories: 400, activeEnergyBurned: 300, basalEnergyBurned: 50, totalEnergyBurned: 20 }, 400],
    [{ activeEnergyBurned: 300, basalEnergyBurned: 50, totalEnergyBurned: 20 }, 350],
    [{ activeEnergyBurned: 300 }, 300],
    [{ basalEnergyBurned: 50 }, 50],
    [{ totalEnergyBurned: 20 }, 20],
    [{ calories: 0 }, 0],
    [{ distance: 5 }, null],
    [{}, null],
  ])('energy of %j is %j', (values, energy) => expect(detailOf(values).energyBurned).toBe(energy));

  it('fill the detail from statistics, the last of a field winning', () => {
    const values = {
      distance: 7210.4005,
      totalDistance: 1,
      stepCount: '8000.7',
      minHeartRate: 92.5,
      averageHeartRate: 150,
      meanHeartRate: 151.255,
      maxHeartRate: 181,
      averageRunningPower: 240,
      averageRunningSpeed: 2,
      averageSpeed: 2.9,
      meanSpeed: 2.935,
      maxSpeed: 4.1,
      elevationAscended: 50,
      altitudeGain: 55,
      maxAltitude: 410.1234,
      minAltitude: -3,
      meanCadence: 84.5,
      maxCadence: 99,
      indoorWorkout: true,
    };
    expect(detailOf(values)).toEqual({
      ...EMPTY_WORKOUT_DETAIL,
      distance: 7210.401,
      stepsCount: 8000,
      heartRateMin: 93,
      heartRateAvg: 151.26,
      heartRateMax: 181,
      averageWatts: 240,
      averageSpeed: 2.94,
      maxSpeed: 4.1,
      totalElevationGain: 55,
      elevHigh: 410.123,
      elevLow: -3,
      averageCadence: 84.5,
    });
  });

  it('take totals only where nothing better is said', () =>
    expect(detailOf({ totalDistance: 5000, totalSteps: 6000 })).toMatchObject({ distance: 5000, stepsCount: 6000 }));

  it('turn statistics of a series into one point at the end', () => {
    const values = {
      averageRunningStrideLength: 1.1,
      averageVerticalOscillation: 9.1,
      averageGroundContactTime: 250,
      averageMETs: 8,
      weatherTemperature: 12.5,
      weatherHumidity: 0.55,
      swimmingStrokeCount: 600,
      meanCadence: 84,
      vo2Max: 51,
      maxCadence: 99,
      totalSteps: 1,
      totalEnergyBurned: 1,
      totalDistance: 1,
    };
    const { batch, problems, skipped } = map(statistics(values));
    expect(batch.points.map(({ series, value }) => [series, value])).toEqual([
      ['running_stride_length', 110],
      ['running_vertical_oscillation', 9.1],
      ['running_ground_contact_time', 250],
      ['average_met', 8],
      ['weather_temperature', 12.5],
      ['weather_humidity', 55],
      ['swimming_stroke_count', 600],
      ['cadence', 84],
      ['vo2_max', 51],
    ]);
    const shared = { recordedAt: parseIsoInstant(END), endedAt: null, externalId: null, isDailyTotal: false };
    for (const point of batch.points)
      expect(point).toMatchObject({ ...shared, origin: { collection: 'workouts', index: 4 } });
    expect([problems, skipped]).toEqual([[], {}]);
    expect(map(statistics({ weatherHumidity: 0.55 }), google).batch.points[0]!.value).toBe(0.55);
  });

  it('count statistics nobody knows', () =>
    expect(map(statistics({ MEAN_HEART_RATE: 5, toString: 1 })).skipped).toEqual({ MEAN_HEART_RATE: 1, toString: 1 }));

  it('leave out numbers that cannot be stored, with a warning', () => {
    const { batch, problems } = map(
      statistics({ distance: 1e7, averageHeartRate: 1000, vo2Max: 1e8, maxSpeed: '1e999' }),
    );
    expect(batch.workouts[0]!.detail).toEqual(EMPTY_WORKOUT_DETAIL);
    expect(problems.map(({ index, path, severity }) => [index, path, severity])).toEqual([
      [4, 'detail.heartRateAvg', 'warning'],
      [4, 'detail.distance', 'warning'],
      [4, 'values.2.value', 'warning'],
    ]);
  });

  it.each([
    [{ endDate: '2031-03-03T16:59:59Z' }, 'endDate'],
    [{ startDate: '1700-01-01' }, 'values'],
    [{ source: 5 }, 'source'],
    [{ values: [{ type: 'distance', value: 1 }] }, 'values.0.unit'],
  ])('%j are dropped', (given, path) => {
    const { batch, problems } = map(given);
    expect(batch.workouts).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ index: 4, path, severity: 'dropped' })]);
  });
});

describe('tracks of workouts', () => {
  it('keep laps and segments that have times', () => {
    const { segments } = map({
      laps: [
        {
          startDate: START,
          endDate: '2031-03-03T17:05:00.256Z',
          distance: 1000.005,
          averageHeartRate: 150,
          notes: 'x',
        },
        { startTime: START },
        { startTime: START, endTime: '2031-03-03T17:10:00Z', length: '900' },
      ],
      segments: [
        { start_time: START, end_time: END, segmentType: 'RUNNING', repetitions: 3 },
        { start: END, end: START },
      ],
    }).batch.workouts[0]!.detail;
    expect(segments).toEqual([
      {
        kind: 'lap',
        index: 0,
        start_time: START,
        elapsed_seconds: 300.26,
        distance_meters: 1000.01,
        avg_heart_rate: 150,
      },
      { kind: 'lap', index: 2, start_time: START, elapsed_seconds: 600, distance_meters: 900 },
      { kind: 'split', index: 0, start_time: START, elapsed_seconds: 2460.5, split_type: 'RUNNING' },
    ]);
  });

  it('keep every digit of a route and leave out what is no place', () => {
    const { batch, problems } = map({
      route: [
        {
          latitude: 48.137154321,
          longitude: 11.576123456,
          altitude: 519.25,
          timestamp: START,
          horizontalAccuracy: 4.5,
        },
        { lat: '-33.86', lng: '151.21', time: 1930323600.000001 },
        { lat: 91, lng: 0 },
        { lat: 1 },
        { lat: 0, lon: -180, alt: 0 },
      ],
    });
    const unknown = { altitudeMeters: null, horizontalAccuracyMeters: null };
    expect(batch.workouts[0]!.detail.route).toEqual([
      {
        at: parseIsoInstant(START),
        latitude: 48.137154321,
        longitude: 11.576123456,
        altitudeMeters: 519.25,
        horizontalAccuracyMeters: 4.5,
      },
      { ...unknown, at: 1930323600000001, latitude: -33.86, longitude: 151.21 },
      { ...unknown, at: null, latitude: 0, longitude: -180, altitudeMeters: 0 },
    ]);
    expect(problems.map(({ path, severity }) => [path, severity])).toEqual([
      ['route.2', 'warning'],
      ['route.3', 'warning'],
    ]);
  });

  it('keep samples as they came, made storable', () => {
    const { samples } = map({ samples: [{ type: 'heartRate', value: 150, note: 'a\0b' }] }).batch.workouts[0]!.detail;
    expect(samples).toEqual([{ type: 'heartRate', value: 150, note: 'ab' }]);
  });

  it('are null when empty', () =>
    expect(map({ laps: [], segments: [], route: [], samples: [] }).batch.workouts[0]!.detail).toEqual(
      EMPTY_WORKOUT_DETAIL,
    ));
});
