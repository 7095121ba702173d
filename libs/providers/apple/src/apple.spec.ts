import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant } from '#libs/model';
import { checkUpload, EMPTY_WORKOUT_DETAIL, readUpload } from '#libs/providers/kit';
import { apple } from './apple.strategy.js';

const at = (text: string): number => parseIsoInstant(text)!;

const UPLOAD = Buffer.from(
  JSON.stringify({
    provider: 'apple',
    sdkVersion: '9.9.1',
    syncTimestamp: '2031-03-04T05:06:07Z',
    data: {
      records: [
        {
          id: '0A11-1',
          type: 'HKQuantityTypeIdentifierHeartRate',
          startDate: '2031-03-04T04:00:00Z',
          endDate: '2031-03-04T04:00:00Z',
          zoneOffset: null,
          value: 61,
          unit: 'count/min',
          source: {
            appId: 'org.example.app',
            deviceName: 'Demo Watch',
            deviceModel: 'Watch7,1',
            deviceType: 'watch',
            operatingSystemVersion: { majorVersion: 26, minorVersion: 0, patchVersion: 1 },
          },
          metadata: {},
        },
      ],
      sleep: [
        {
          id: '0A11-2',
          stage: 'deep',
          startDate: '2031-03-03T23:10:00Z',
          endDate: '2031-03-03T23:42:00Z',
          zoneOffset: null,
          source: { deviceModel: 'Watch7,1' },
        },
      ],
      workouts: [
        {
          id: '0A11-3',
          type: 'running',
          startDate: '2031-03-03T17:00:00Z',
          endDate: '2031-03-03T17:41:00Z',
          zoneOffset: '+01:00',
          source: { deviceModel: 'Watch7,1' },
          values: [
            { type: 'duration', unit: 's', value: 2400 },
            { type: 'activeEnergyBurned', unit: 'kcal', value: 388.5 },
            { type: 'distance', unit: 'm', value: 7210.4 },
            { type: 'averageHeartRate', unit: 'bpm', value: 151 },
          ],
        },
      ],
    },
  }),
);

describe('an upload of the iOS SDK', () => {
  const mappings = [...readUpload(UPLOAD).chunks()].map((chunk) => apple.sdk!.map(chunk));
  const [records, sleep, workouts] = mappings.map(({ batch }) => batch);
  const watch = {
    deviceModel: 'Watch7,1',
    source: null,
    deviceType: null,
    softwareVersion: null,
    originalSourceName: null,
  };

  it('is accepted', async () =>
    expect(await checkUpload(UPLOAD)).toEqual({
      provider: 'apple',
      sdkVersion: '9.9.1',
      problem: null,
      counts: { records: 1, sleep: 1, workouts: 1 },
    }));

  it('becomes a heart rate point of the watch', () => {
    expect(records).toMatchObject({ provider: 'apple', workouts: [], sleepSegments: [], scores: [] });
    expect(records!.sources).toEqual([
      {
        source: 'Demo Watch',
        deviceModel: 'Watch7,1',
        deviceType: 'watch',
        softwareVersion: '26.0.1',
        originalSourceName: 'Demo Watch',
      },
    ]);
    expect(records!.points).toEqual([
      {
        series: 'heart_rate',
        sourceIndex: 0,
        recordedAt: at('2031-03-04T04:00:00Z'),
        endedAt: null,
        value: 61,
        zoneOffset: null,
        isDailyTotal: false,
        externalId: '0A11-1',
        origin: { collection: 'records', index: 0 },
      },
    ]);
  });

  it('becomes a sleep segment', () => {
    expect(sleep!.sources).toEqual([watch]);
    expect(sleep!.sleepSegments).toEqual([
      {
        stage: 'deep',
        sourceIndex: 0,
        sourceName: null,
        startedAt: at('2031-03-03T23:10:00Z'),
        endedAt: at('2031-03-03T23:42:00Z'),
        zoneOffset: null,
        externalId: '0A11-2',
        score: null,
        origin: { collection: 'sleep', index: 0 },
      },
    ]);
  });

  it('becomes a workout', () => {
    expect(workouts!.sources).toEqual([watch]);
    expect(workouts!.points).toEqual([]);
    expect(workouts!.workouts).toEqual([
      {
        type: 'running',
        sourceIndex: 0,
        sourceName: null,
        externalId: '0A11-3',
        startedAt: at('2031-03-03T17:00:00Z'),
        endedAt: at('2031-03-03T17:41:00Z'),
        zoneOffset: 60,
        durationSeconds: 2400,
        detail: { ...EMPTY_WORKOUT_DETAIL, energyBurned: 388.5, distance: 7210.4, heartRateAvg: 151 },
        origin: { collection: 'workouts', index: 0 },
      },
    ]);
  });

  it('leaves nothing out', () => {
    for (const { problems, skipped } of mappings) expect([problems, skipped]).toEqual([[], {}]);
  });
});

describe('HealthKit', () => {
  const map = (type: string, value: number, unit: string | null) => {
    const times = { startDate: '2031-03-04T04:00:00Z', endDate: '2031-03-04T04:00:00Z' };
    return apple.sdk!.map({ collection: 'records', startIndex: 0, items: [{ type, ...times, value, unit }] });
  };

  it.each([
    ['HKQuantityTypeIdentifierOxygenSaturation', 97, '%', 'oxygen_saturation', 97],
    ['HKQuantityTypeIdentifierOxygenSaturation', 0.97, '%', 'oxygen_saturation', 97],
    ['HKQuantityTypeIdentifierBodyFatPercentage', 0.225, '%', 'body_fat_percentage', 22.5],
    ['HKQuantityTypeIdentifierHeight', 1.8, 'm', 'height', 180],
    ['HKQuantityTypeIdentifierRunningVerticalOscillation', 9.1, 'cm', 'running_vertical_oscillation', 9.1],
    ['HKQuantityTypeIdentifierBloodAlcoholContent', 0.0008, '%', 'blood_alcohol_content', 80],
    ['HKQuantityTypeIdentifierBloodGlucose', 99, 'mg/dL', 'blood_glucose', 99],
    ['HKQuantityTypeIdentifierInsulinDelivery', 4, 'IU', 'insulin_delivery', 4],
  ])('%s of %d %s is %s %d', (type, value, unit, series, stored) =>
    expect(map(type, value, unit).batch.points).toEqual([expect.objectContaining({ series, value: stored })]),
  );
});
