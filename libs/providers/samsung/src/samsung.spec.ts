import { describe, expect, it } from '@jest/globals';
import { samsung } from './samsung.strategy.js';

const times = { startDate: '2031-03-03T22:00:00Z', endDate: '2031-03-04T06:00:00Z', zoneOffset: '+09:00' };
const source = {
  appId: 'com.sec.android.app.shealth',
  deviceManufacturer: 'Samsung',
  deviceModel: 'SM-L705',
  deviceType: 'watch',
};
const mapSleep = (values: unknown) =>
  samsung.sdk!.map({
    collection: 'sleep',
    startIndex: 2,
    items: [{ id: 's', stage: 'light', ...times, source, values }],
  });

describe('Samsung sleep', () => {
  it.each([
    [[{ type: 'sleepScore', value: 81 }], 81],
    [[{ type: 'sleepScore', value: '81.5' }], 81.5],
    [
      [
        { type: 'sleepScore', value: 70 },
        { type: 'sleepScore', value: 0 },
      ],
      0,
    ],
    [[{ type: 'snoring', value: 5 }], null],
    [[], null],
    [null, null],
  ])('with %j scores %j', (values, score) => {
    const { batch, problems } = mapSleep(values);
    expect(batch.sleepSegments).toEqual([expect.objectContaining({ stage: 'light', score, zoneOffset: 540 })]);
    expect(problems).toEqual([]);
  });

  it.each([101, -1, 'good', null])('keeps the segment when the score is %j', (value) => {
    const { batch, problems } = mapSleep([{ type: 'sleepScore', value }]);
    expect(batch.sleepSegments).toEqual([expect.objectContaining({ score: null })]);
    expect(problems).toEqual([expect.objectContaining({ index: 2, path: 'values.0.value', severity: 'warning' })]);
  });
});

describe('Samsung Health', () => {
  it('states percentages as such, glucose in mmol/L and durations in ms', () => {
    const record = (type: string, value: number, unit: string) => ({ type, ...times, value, unit, source });
    const items = [
      record('BODY_FAT', 0.9, '%'),
      record('BLOOD_GLUCOSE', 5.55, 'mmol/L'),
      record('SKELETAL_MUSCLE_MASS', 32.1, 'kg'),
    ];
    const { batch } = samsung.sdk!.map({ collection: 'records', startIndex: 0, items });
    expect(batch.points.map(({ series, value }) => [series, value])).toEqual([
      ['body_fat_percentage', 0.9],
      ['blood_glucose', 100.001],
      ['skeletal_muscle_mass', 32.1],
    ]);
    const values = [
      { type: 'totalDuration', unit: 'ms', value: 1800999 },
      { type: 'meanHeartRate', unit: '', value: 131.5 },
      { type: 'MEAN_SPEED', unit: '', value: 2.5 },
    ];
    const workouts = samsung.sdk!.map({
      collection: 'workouts',
      startIndex: 0,
      items: [{ ...times, type: 'hiking', values }],
    });
    expect(workouts.batch.workouts).toEqual([
      expect.objectContaining({
        durationSeconds: 1800,
        type: 'hiking',
        detail: expect.objectContaining({ heartRateAvg: 131.5, averageSpeed: null }),
      }),
    ]);
    expect(workouts.skipped).toEqual({ MEAN_SPEED: 1 });
  });

  it('comes through the SDK alone', () =>
    expect(samsung.capabilities).toMatchObject({
      sdkUpload: true,
      hasCloudApi: false,
      restPull: false,
      fileImport: false,
    }));
});
