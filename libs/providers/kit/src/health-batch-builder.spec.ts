import { describe, expect, it } from '@jest/globals';
import type { PointInput, WorkoutDetailInput, WorkoutInput } from '#libs/model';
import { cleanJson, cleanText } from './clean-text.js';
import { HealthBatchBuilder } from './health-batch-builder.js';
import { EMPTY_WORKOUT_DETAIL } from './workout-detail.js';

const origin = { collection: 'records', index: 0 };
const point: PointInput = {
  series: 'heart_rate',
  sourceIndex: 0,
  recordedAt: 1000,
  endedAt: null,
  value: 61,
  zoneOffset: null,
  isDailyTotal: false,
  externalId: null,
  origin,
};
const workout = (detail: Partial<WorkoutDetailInput>): WorkoutInput => ({
  type: 'running',
  sourceIndex: 0,
  sourceName: 'n'.repeat(70),
  externalId: 'x'.repeat(101),
  startedAt: 0,
  endedAt: 1,
  zoneOffset: null,
  durationSeconds: 59.9,
  detail: { ...EMPTY_WORKOUT_DETAIL, ...detail },
  origin,
});

describe('HealthBatchBuilder', () => {
  it('makes equal sources one, empty texts null, long texts short', () => {
    const builder = new HealthBatchBuilder('apple');
    expect(builder.source({ source: 'App', deviceModel: '' })).toBe(0);
    expect(builder.source({ source: 'App', deviceModel: null, softwareVersion: '26.0.1' })).toBe(0);
    expect(builder.source({ source: 'App', softwareVersion: '25.0.0', deviceType: 'watch' })).toBe(0);
    expect(builder.source({ source: '', deviceModel: 'App' })).toBe(1);
    expect(builder.source({ source: 'é'.repeat(150), deviceModel: '🏃'.repeat(101) })).toBe(2);
    expect(builder.build().sources).toEqual([
      { source: 'App', deviceModel: null, deviceType: 'watch', softwareVersion: '26.0.1', originalSourceName: null },
      { source: null, deviceModel: 'App', deviceType: null, softwareVersion: null, originalSourceName: null },
      {
        source: 'é'.repeat(100),
        deviceModel: '🏃'.repeat(100),
        deviceType: null,
        softwareVersion: null,
        originalSourceName: null,
      },
    ]);
  });

  it('rounds points, drops ends that end nothing and values that cannot be stored', () => {
    const builder = new HealthBatchBuilder('apple');
    expect(builder.point({ ...point, value: 61.0005, endedAt: 1000, externalId: '' })).toBe(true);
    expect(builder.point({ ...point, value: -1, endedAt: 999 })).toBe(true);
    expect(builder.point({ ...point, value: 2, endedAt: 1001 })).toBe(true);
    expect(builder.point({ ...point, series: 'latitude', value: 48.123456789 })).toBe(true);
    expect(builder.point({ ...point, value: 1e7 })).toBe(false);
    expect(builder.point({ ...point, value: Infinity })).toBe(false);
    expect(builder.build().points.map(({ value, endedAt, externalId }) => [value, endedAt, externalId])).toEqual([
      [61.001, null, null],
      [-1, null, null],
      [2, 1001, null],
      [48.123456789, null, null],
    ]);
  });

  it('rounds workout details as their columns do and leaves out what overflows', () => {
    const builder = new HealthBatchBuilder('apple');
    const given = {
      heartRateMin: 60.5,
      heartRateAvg: 150.125,
      stepsCount: 99.9,
      averageSpeed: 2.675,
      distance: 1.0005,
    };
    expect(builder.workout(workout(given))).toEqual([]);
    const overflow = { maxSpeed: 999.995, heartRateMax: 3e9, energyBurned: 1e7, averageWatts: NaN };
    expect(builder.workout(workout(overflow))).toEqual(['heartRateMax', 'energyBurned', 'maxSpeed', 'averageWatts']);
    const [first, second] = builder.build().workouts;
    expect(first).toMatchObject({ durationSeconds: 59, sourceName: 'n'.repeat(64), externalId: 'x'.repeat(100) });
    expect(first!.detail).toEqual({
      ...EMPTY_WORKOUT_DETAIL,
      heartRateMin: 61,
      heartRateAvg: 150.13,
      stepsCount: 99,
      averageSpeed: 2.68,
      distance: 1.001,
    });
    expect(second!.detail).toEqual(EMPTY_WORKOUT_DETAIL);
  });

  it('takes in every other kind of record', () => {
    const builder = new HealthBatchBuilder('oura');
    const event = { sourceIndex: 0, sourceName: '', externalId: 'e', startedAt: 0, endedAt: 1, zoneOffset: 60, origin };
    builder.sleepSession({
      ...event,
      isNap: false,
      durationSeconds: 1,
      totalMinutes: 1,
      timeInBedMinutes: 1,
      efficiencyPercent: 92.125,
      deepMinutes: null,
      remMinutes: null,
      lightMinutes: null,
      awakeMinutes: null,
      stages: null,
    });
    builder.cycle({ ...event, type: 'luteal', detail: {} });
    builder.activity({ ...event, type: 'moveiq_walking', durationSeconds: 1 });
    const score = {
      sourceIndex: 0,
      qualifier: null,
      recordedAt: 0,
      zoneOffset: null,
      components: null,
      sleepStartedAt: null,
    };
    builder.score({ ...score, category: 'sleep', value: 81.00051, origin });
    builder.score({ ...score, category: 'sleep', value: null, origin });
    const batch = builder.build();
    expect(batch.sleepSessions[0]).toMatchObject({ efficiencyPercent: 92.13, sourceName: null });
    expect(batch.cycles[0]).toMatchObject({ type: 'luteal', sourceName: null });
    expect(batch.activities).toHaveLength(1);
    expect(batch.scores.map(({ value }) => value)).toEqual([81.001, null]);
  });
});

describe('storable text and JSON', () => {
  it.each([
    [null, null],
    ['', null],
    ['\0', null],
    ['a\0b', 'ab'],
    ['a\ud800b', 'a\ufffdb'],
    ['12345', '1234'],
    ['🏃🏃🏃🏃🏃', '🏃🏃🏃🏃'],
    ['🏃🏃🏃', '🏃🏃🏃'],
  ])('%j becomes %j', (text, clean) => expect(cleanText(text, 4)).toBe(clean));

  it('cleans what is kept as JSON, and bounds its depth', () => {
    const deep = JSON.parse(`${'{"a":['.repeat(5000)}1${']}'.repeat(5000)}`) as object;
    expect(JSON.stringify(cleanJson(deep)).length).toBeLessThan(200);
    expect(cleanJson({ 'k\0': ['\udc00', 1, Infinity, true, null, { x: undefined }] })).toEqual({
      k: ['\ufffd', 1, null, true, null, { x: null }],
    });
  });
});
