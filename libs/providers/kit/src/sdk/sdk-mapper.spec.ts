import { describe, expect, it } from '@jest/globals';
import { DAY, formatInstant, HOUR, META_COVERAGE, parseIsoInstant, seriesTypeByCode, type Instant } from '#libs/model';
import type { SdkCollection } from '../upload/upload-scanner.js';
import { SdkMapper, type SdkMapping } from './sdk-mapper.js';
import { SDK_METRICS, sdkMetric } from './sdk-metrics.js';

const apple = new SdkMapper({ provider: 'apple', reportsFractions: true, deliversSleepScore: false });
const google = new SdkMapper({ provider: 'google', reportsFractions: false, deliversSleepScore: false });

const at = (text: string): Instant => parseIsoInstant(text)!;
const times = { startDate: '2031-03-04T04:00:00Z', endDate: '2031-03-04T04:05:00Z' };
const record = (given: object = {}): object => ({
  id: 'r1',
  type: 'HKQuantityTypeIdentifierHeartRate',
  ...times,
  value: 61,
  unit: null,
  ...given,
});
const map = (collection: SdkCollection, items: readonly unknown[], mapper = apple): SdkMapping =>
  mapper.map({ collection, startIndex: 0, items });
const valueOf = (given: object, mapper = apple): number | undefined =>
  map('records', [record(given)], mapper).batch.points[0]?.value;

describe('records', () => {
  it('keep both ends, the id, the offset and every microsecond', () => {
    const { batch, problems, skipped } = map('records', [
      record({ startDate: '2031-03-04T04:00:00.000001Z', zoneOffset: '-03:30', type: 'STEP_COUNT', value: '512' }),
    ]);
    expect(batch.points).toEqual([
      {
        series: 'steps',
        sourceIndex: 0,
        recordedAt: at('2031-03-04T04:00:00.000001Z'),
        endedAt: at('2031-03-04T04:05:00Z'),
        value: 512,
        zoneOffset: -210,
        isDailyTotal: false,
        externalId: 'r1',
        origin: { collection: 'records', index: 0 },
      },
    ]);
    expect([problems, skipped]).toEqual([[], {}]);
  });

  it.each([
    ['an end before the start', '2031-03-04T03:00:00Z'],
    ['an end at the start', '2031-03-04T04:00:00Z'],
  ])('with %s have none', (_name, endDate) =>
    expect(map('records', [record({ endDate })]).batch.points[0]!.endedAt).toBeNull(),
  );

  it('keep their order, doubles included', () => {
    const { points } = map('records', [record({ value: 1 }), record({ value: 2 }), record({ value: 3 })]).batch;
    expect(points.map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it('of unknown types are counted, not reported', () => {
    const types = ['Nonsense', 'heart_rate', 'Nonsense', null, undefined, 'TOTAL_CALORIES_BURNED', '__proto__'];
    const { batch, problems, skipped } = map(
      'records',
      types.map((type) => record({ type })),
    );
    expect([batch.points, problems]).toEqual([[], []]);
    expect(Object.entries(skipped)).toEqual([
      ['Nonsense', 2],
      ['heart_rate', 1],
      ['(none)', 2],
      ['TOTAL_CALORIES_BURNED', 1],
      ['__proto__', 1],
    ]);
  });

  it('lose a wrong zone offset and nothing else', () => {
    const { batch, problems } = map('records', [record({ zoneOffset: '+2' }), record({ zoneOffset: 'Z' })]);
    expect(batch.points.map(({ zoneOffset }) => zoneOffset)).toEqual([null, 0]);
    expect(problems).toEqual([
      {
        collection: 'records',
        index: 0,
        path: 'zoneOffset',
        message: 'Not a zone offset, ignored',
        severity: 'warning',
      },
    ]);
  });

  it.each([
    [1e7, null],
    [9999999.9995, null],
    ['1e400', null],
    [Infinity, null],
    [-9999999.9994, -9999999.999],
    [1.0005, 1.001],
    [-1.0005, -1.001],
    [' 1.5e1 ', 15],
  ])('with the value %j store %j', (value, stored) => {
    const { batch, problems } = map('records', [record({ value })]);
    expect(batch.points.map((point) => point.value)).toEqual(stored === null ? [] : [stored]);
    expect(problems.map(({ path, severity }) => [path, severity])).toEqual(
      stored === null ? [['value', 'dropped']] : [],
    );
  });

  it('one malformed among 10,000 is named by its index, the others are kept', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => record({ value: index === 7321 ? 'fast' : 60 }));
    const { batch, problems } = apple.map({ collection: 'records', startIndex: 50_000, items });
    expect(batch.points).toHaveLength(9999);
    expect(problems).toEqual([
      {
        collection: 'records',
        index: 57_321,
        path: 'value',
        message: 'Input should be a valid decimal',
        severity: 'dropped',
      },
    ]);
  });
});

describe('the metric table', () => {
  it('holds 108 record types, each once', () => {
    expect(SDK_METRICS).toHaveLength(108);
    expect(new Set(SDK_METRICS.map(({ metric }) => metric)).size).toBe(108);
  });

  it.each(SDK_METRICS.map((row) => [row.metric, row] as const))('%s', (metric, row) => {
    const { batch, skipped, problems } = map(
      'records',
      [record({ type: metric, value: 40, unit: null, zoneOffset: '+02:00' })],
      google,
    );
    expect(problems).toEqual([]);
    if (row.series === null) return expect([batch.points, skipped]).toEqual([[], { [metric]: 1 }]);
    const factor = row.conversion === 'length' ? 100 : 1;
    const day = at('2031-03-04T00:00:00Z') - 2 * HOUR;
    expect(batch.points).toEqual([
      expect.objectContaining({
        series: row.series,
        value: 40 * factor,
        isDailyTotal: row.dailyTotal ?? false,
        recordedAt: row.dailyTotal ? day : at(times.startDate),
      }),
    ]);
    const group = META_COVERAGE.timeseries.find(({ name }) => name === seriesTypeByCode(row.series!)?.category);
    const covered = group?.metrics.find(({ code }) => code === row.series)?.providers;
    expect(covered).toEqual(expect.arrayContaining(metric.startsWith('HK') ? ['apple'] : ['google', 'samsung']));
  });

  it.each([
    ['HKQuantityTypeIdentifierAppleSleepingWristTemperature', 'skin_temperature'],
    ['HKQuantityTypeIdentifierUnderwaterDepth', 'underwater_depth'],
    ['HKQuantityTypeIdentifierNikeFuel', 'nike_fuel'],
    ['HKQuantityTypeIdentifierCrossCountrySkiingSpeed', 'speed'],
    ['HKQuantityTypeIdentifierPaddleSportsSpeed', 'speed'],
    ['HKQuantityTypeIdentifierRowingSpeed', 'speed'],
    ['HKQuantityTypeIdentifierAppleMoveTime', 'active_time'],
    ['HKQuantityTypeIdentifierCyclingFunctionalThresholdPower', null],
    ['TOTAL_CALORIES_BURNED', null],
    ['HEART_RATE_VARIABILITY', 'heart_rate_variability_rmssd'],
    ['DISTANCE', 'distance_walking_running'],
  ])('%s is stored as %j', (metric, series) => expect(sdkMetric(metric)?.series).toBe(series));
});

describe('conversions', () => {
  const percentages = [
    'HKQuantityTypeIdentifierOxygenSaturation',
    'OXYGEN_SATURATION',
    'HKQuantityTypeIdentifierBodyFatPercentage',
    'BODY_FAT',
    'HKQuantityTypeIdentifierWalkingDoubleSupportPercentage',
    'HKQuantityTypeIdentifierWalkingAsymmetryPercentage',
    'HKQuantityTypeIdentifierAppleWalkingSteadiness',
    'HKQuantityTypeIdentifierPeripheralPerfusionIndex',
    'HKQuantityTypeIdentifierAtrialFibrillationBurden',
  ];
  it.each(percentages)('%s: fractions of Apple become percent', (type) => {
    const of = (value: number, mapper = apple): number | undefined => valueOf({ type, value, unit: '%' }, mapper);
    expect([of(0.97), of(1), of(0), of(1.01), of(97), of(0.010005)]).toEqual([97, 100, 0, 1.01, 97, 1.001]);
    expect([of(0.97, google), of(22.5, google)]).toEqual([0.97, 22.5]);
  });

  const lengths = ['HKQuantityTypeIdentifierHeight', 'HEIGHT', 'HKQuantityTypeIdentifierWalkingStepLength'];
  lengths.push('HKQuantityTypeIdentifierRunningStrideLength', 'HKQuantityTypeIdentifierWaistCircumference');
  it.each(lengths)('%s: by its unit into centimeters', (type) => {
    const of = (value: number, unit: string | null): number | undefined => valueOf({ type, value, unit }, google);
    expect(of(1.8, 'm')).toBe(180);
    expect(of(1.8, null)).toBe(180);
    expect(of(1.8, '')).toBe(180);
    expect(of(1.8, 'cubit')).toBe(180);
    expect(of(1.8, 'constructor')).toBe(180);
    expect(of(180, 'CM')).toBe(180);
    expect(of(1800, 'mm')).toBe(180);
    expect(of(70, 'in')).toBe(177.8);
    expect(of(6, 'ft')).toBe(182.88);
  });

  it.each(['BLOOD_GLUCOSE', 'HKQuantityTypeIdentifierBloodGlucose'])('%s: mmol/L into mg/dL', (type) => {
    expect(valueOf({ type, value: 5.5, unit: 'mmol/L' })).toBe(99.1);
    expect(valueOf({ type, value: 5.5, unit: 'MMOL<180.1558800000541>/L' }, google)).toBe(99.1);
    expect(valueOf({ type, value: 99, unit: 'mg/dL' })).toBe(99);
    expect(valueOf({ type, value: 99, unit: null })).toBe(99);
  });

  it('blood alcohol of Apple: fraction, percent or mg/dL', () => {
    const type = 'HKQuantityTypeIdentifierBloodAlcoholContent';
    const of = (value: number, mapper = apple): number | undefined => valueOf({ type, value, unit: '%' }, mapper);
    expect([of(0.0008), of(0.00999), of(0.01), of(0.08), of(1), of(80)]).toEqual([80, 999, 10, 80, 1, 80]);
    expect(of(0.08, google)).toBe(0.08);
  });
});

describe('basal metabolic rate', () => {
  const bmr = (startDate: string, value: number, given: object = {}): object =>
    record({ type: 'BASAL_METABOLIC_RATE', startDate, endDate: startDate, value, unit: 'kcal/day', ...given });
  const totals = (items: object[]): unknown[] =>
    map('records', items, google).batch.points.map(({ recordedAt, value, isDailyTotal }) => [
      formatInstant(recordedAt),
      value,
      isDailyTotal,
    ]);

  it('is one total per local day, of its latest reading, in any order', () => {
    const morning = bmr('2031-03-04T06:00:00Z', 1500, { zoneOffset: '+02:00' });
    const evening = bmr('2031-03-04T21:59:59Z', 1600, { zoneOffset: '+02:00' });
    const next = bmr('2031-03-04T22:00:00Z', 1700, { zoneOffset: '+02:00' });
    const day = ['2031-03-03T22:00:00Z', 1600, true];
    const other = ['2031-03-04T22:00:00Z', 1700, true];
    expect(totals([morning, evening, next])).toEqual([day, other]);
    expect(totals([evening, morning, next])).toEqual([day, other]);
  });

  it('keeps two devices apart and takes UTC days without an offset', () => {
    const ring = { source: { deviceModel: 'SM-Q500' } };
    expect(totals([bmr('2031-03-04T23:00:00Z', 1500), bmr('2031-03-04T01:00:00Z', 1400, ring)])).toEqual([
      ['2031-03-04T00:00:00Z', 1500, true],
      ['2031-03-04T00:00:00Z', 1400, true],
    ]);
  });

  it('carries when it was read, so that batches in any order agree on the latest', () => {
    const [point] = map('records', [bmr('2031-03-04T06:00:00Z', 1500, { id: null })], google).batch.points;
    expect(point).toMatchObject({
      endedAt: at('2031-03-04T06:00:00Z'),
      externalId: 'BASAL_METABOLIC_RATE@2031-03-04T06:00:00Z',
    });
    expect(point!.endedAt! - point!.recordedAt).toBeLessThan(DAY);
  });

  it('too large is dropped by its index', () => {
    const { problems } = map('records', [record(), bmr('2031-03-04T06:00:00Z', 1e8)], google);
    expect(problems).toEqual([expect.objectContaining({ index: 1, path: 'value', severity: 'dropped' })]);
  });
});

describe('sleep', () => {
  const segment = (given: object = {}): object => ({
    id: 's1',
    stage: 'deep',
    ...times,
    zoneOffset: '+01:00',
    ...given,
  });

  it('becomes segments with their times, offset and writer', () => {
    const { batch } = map('sleep', [segment({ source: { name: 'Clock', deviceModel: 'Watch7,1' } })]);
    expect(batch.sleepSegments).toEqual([
      {
        stage: 'deep',
        sourceIndex: 0,
        sourceName: 'Clock',
        startedAt: at(times.startDate),
        endedAt: at(times.endDate),
        zoneOffset: 60,
        externalId: 's1',
        score: null,
        origin: { collection: 'sleep', index: 0 },
      },
    ]);
  });

  it('knows stages by alias and in any case; others are counted', () => {
    const stages = ['IN_BED', 'core', 'asleep', 'asleep_rem', 'unknown', 'out_of_bed', 'dozing', 'dozing'];
    const { batch, problems, skipped } = map(
      'sleep',
      stages.map((stage) => segment({ stage })),
    );
    expect(batch.sleepSegments.map(({ stage }) => stage)).toEqual(['in_bed', 'light', 'sleeping', 'rem', 'unknown']);
    expect([problems, skipped]).toEqual([[], { out_of_bed: 1, dozing: 2 }]);
  });

  it('that ends before it starts is dropped; times with and without zone may mix', () => {
    const backwards = segment({ startDate: times.endDate, endDate: times.startDate });
    const { batch, problems } = map('sleep', [backwards, segment({ startDate: '2031-03-04T04:00:00' })]);
    expect(batch.sleepSegments.map(({ startedAt }) => startedAt)).toEqual([at(times.startDate)]);
    expect(problems).toEqual([
      expect.objectContaining({ index: 0, path: 'endDate', message: 'Ends before it starts' }),
    ]);
  });
});

describe('sources', () => {
  const sourceOf = (source: unknown): unknown => map('records', [record({ source })]).batch.sources[0];
  const none = { source: null, deviceModel: null, deviceType: null, softwareVersion: null, originalSourceName: null };

  it.each([
    [null, none],
    [{}, none],
    [{ name: '', deviceModel: '', deviceType: 'unknown', name_hint: 5 }, none],
    [
      { name: 'N', deviceName: 'D', appId: 'A', bundleIdentifier: 'B' },
      { ...none, source: 'N', originalSourceName: 'N' },
    ],
    [
      { deviceName: 'D', appId: 'A' },
      { ...none, source: 'D', originalSourceName: 'D' },
    ],
    [
      { name: '', appId: 'A', bundleIdentifier: 'B' },
      { ...none, source: 'A' },
    ],
    [{ bundle_identifier: 'B' }, { ...none, source: 'B' }],
    [
      { deviceModel: 'M', productType: 'P', deviceType: 'fitness_band' },
      { ...none, deviceModel: 'M', deviceType: 'band' },
    ],
    [
      { productType: 'P', deviceType: 'toaster' },
      { ...none, deviceModel: 'P' },
    ],
    [
      { device_model: 'M', device_type: 'ring' },
      { ...none, deviceModel: 'M', deviceType: 'ring' },
    ],
    [
      { operatingSystemVersion: { majorVersion: 26, minorVersion: '0', patchVersion: 1 }, deviceSoftwareVersion: '9' },
      { ...none, softwareVersion: '26.0.1' },
    ],
    [
      { operating_system_version: { major_version: 1, minor_version: 2, patch_version: 3 } },
      { ...none, softwareVersion: '1.2.3' },
    ],
  ])('%j', (source, identity) => expect(sourceOf(source)).toEqual(identity));

  it('are shared by the records of one device and not by others', () => {
    const watch = {
      deviceModel: 'Watch7,1',
      operatingSystemVersion: { majorVersion: 26, minorVersion: 0, patchVersion: 1 },
    };
    const newer = { ...watch, operatingSystemVersion: { ...watch.operatingSystemVersion, patchVersion: 2 } };
    const items = [watch, { ...watch }, { deviceModel: 'iPhone17,1' }, newer, null].map((source) => record({ source }));
    const { batch } = map('records', items);
    expect(batch.points.map(({ sourceIndex }) => sourceIndex)).toEqual([0, 0, 1, 0, 2]);
    expect(batch.sources).toHaveLength(3);
  });

  it.each([
    ['phone', 'source', 'Input should be a valid dictionary or object to extract fields from'],
    [[], 'source', 'Input should be a valid dictionary or object to extract fields from'],
    [{ name: 5 }, 'source.name', 'Input should be a valid string'],
    [{ device_model: {} }, 'source.deviceModel', 'Input should be a valid string'],
    [
      { operatingSystemVersion: '26' },
      'source.operatingSystemVersion',
      'Input should be a valid dictionary or object to extract fields from',
    ],
    [
      { operatingSystemVersion: { majorVersion: 26, minorVersion: 0 } },
      'source.operatingSystemVersion.patchVersion',
      'Field required',
    ],
    [
      { operatingSystemVersion: { majorVersion: 26.5, minorVersion: 0, patchVersion: 0 } },
      'source.operatingSystemVersion.majorVersion',
      'Input should be a valid integer',
    ],
  ])('%j drop their record', (source, path, message) => {
    const { batch, problems } = map('records', [record({ source }), record({ source })]);
    expect(batch.points).toEqual([]);
    expect(problems).toEqual(
      [0, 1].map((index) => ({ collection: 'records', index, path, message, severity: 'dropped' })),
    );
  });

  it('nested beyond reason drop their record alone', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`) as unknown;
    const { batch, problems } = map('records', [record({ source: { name: deep } }), record({ metadata: deep })]);
    expect([batch.points.length, problems.length]).toEqual([1, 1]);
  });
});
