import { describe, expect, it } from '@jest/globals';
import { defaultLiveSyncMode, isLiveSyncConfigurable } from '#libs/providers/kit';
import { google } from './google.strategy.js';

const times = { startDate: '2031-03-03T22:00:00.123456Z', endDate: '2031-03-04T06:00:00Z', zoneOffset: '-05:00' };
const source = { appId: 'com.example.fit', deviceManufacturer: 'Demo', deviceModel: 'Pixel 9', deviceType: 'phone' };

describe('Health Connect', () => {
  it('delivers samples and paired values of one record', () => {
    const record = (id: string, type: string, value: number, unit: string) => ({
      id,
      type,
      ...times,
      value,
      unit,
      source,
    });
    const items = [
      record('bp-sys', 'BLOOD_PRESSURE_SYSTOLIC', 121, 'mmHg'),
      record('bp-dia', 'BLOOD_PRESSURE_DIASTOLIC', 79, 'mmHg'),
      record('w', 'HYDRATION', 250, 'mL'),
      record('o', 'OXYGEN_SATURATION', 0.97, '%'),
    ];
    const { batch, problems } = google.sdk!.map({ collection: 'records', startIndex: 0, items });
    expect(problems).toEqual([]);
    expect(batch.sources).toEqual([
      {
        source: 'com.example.fit',
        deviceModel: 'Pixel 9',
        deviceType: 'phone',
        softwareVersion: null,
        originalSourceName: null,
      },
    ]);
    expect(batch.points.map(({ series, value, zoneOffset }) => [series, value, zoneOffset])).toEqual([
      ['blood_pressure_systolic', 121, -300],
      ['blood_pressure_diastolic', 79, -300],
      ['hydration', 250, -300],
      ['oxygen_saturation', 0.97, -300],
    ]);
  });

  it('delivers a night without stages as one sleeping segment, and no score', () => {
    const values = [{ type: 'sleepScore', value: 81 }];
    const items = [{ id: 'n', stage: 'sleeping', ...times, source, values }];
    const { batch } = google.sdk!.map({ collection: 'sleep', startIndex: 0, items });
    expect(batch.sleepSegments).toEqual([expect.objectContaining({ stage: 'sleeping', score: null, externalId: 'n' })]);
  });

  it('names exercises in upper case', () => {
    const items = ['RUNNING_TREADMILL', 'UNKNOWN_83'].map((type) => ({
      type,
      ...times,
      values: [{ type: 'duration', unit: 's', value: 60 }],
    }));
    const { batch } = google.sdk!.map({ collection: 'workouts', startIndex: 0, items });
    expect(batch.workouts.map(({ type, durationSeconds }) => [type, durationSeconds])).toEqual([
      ['treadmill', 60],
      ['other', 60],
    ]);
  });
});

it('can be pulled and can ping', () => {
  expect(defaultLiveSyncMode(google.capabilities)).toBe('pull');
  expect(isLiveSyncConfigurable(google.capabilities)).toBe(true);
});
