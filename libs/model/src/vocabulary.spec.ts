import { describe, expect, it } from '@jest/globals';
import { dataSourceName } from './data-source-name.js';
import { deviceName, deviceTypeFromPayload, inferDeviceType } from './device.js';
import { META_COVERAGE } from './meta-coverage.js';
import { DEVICE_TYPE_PRIORITY_SEED, MISSING_RANK, PROVIDER_PRIORITY_SEED } from './priority.js';
import { PROVIDERS, isConnectableProvider } from './provider.js';
import { SCORE_CATEGORIES } from './score-category.js';
import { percentOfScore } from './score-scale.js';
import { SERIES_TYPES, seriesTypeByCode, seriesTypeById } from './series-type.js';
import { findSleepStage, sleepStageFromSdk } from './sleep-stage.js';
import {
  findWorkoutType,
  hasPace,
  WORKOUT_TYPES,
  WORKOUT_VOCABULARIES,
  workoutTypeFrom,
  workoutTypeFromSdk,
} from './workout-type.js';

describe('series types', () => {
  it('are found by code and by id', () => {
    expect(SERIES_TYPES).toHaveLength(93);
    expect(seriesTypeByCode('hydration')).toMatchObject({ id: 507, unit: 'mL', aggregation: 'sum' });
    expect(seriesTypeById(502)).toMatchObject({ code: 'atrial_fibrillation_burden', aggregation: 'avg' });
    expect(seriesTypeByCode('toString')).toBeUndefined();
    expect(seriesTypeById(6)).toBeUndefined();
  });

  it('have a plausible range that can be stored', () => {
    for (const { code, validRange } of SERIES_TYPES) {
      expect([code, validRange[0] < validRange[1] && validRange[1] < 10_000_000]).toEqual([code, true]);
    }
  });
});

describe('workout types', () => {
  it.each([
    ['running', 'running'],
    [' RUNNING_TREADMILL ', 'treadmill'],
    ['Weightlifting', 'strength_training'],
    ['UNKNOWN_4711', 'other'],
    ['other', 'generic'],
    ['', 'other'],
    ['constructor', 'other'],
    [null, null],
    [undefined, null],
  ])('phone type %j is %j', (text, code) => expect(workoutTypeFromSdk(text)).toBe(code));

  it('keep the spelling rules of each vocabulary', () => {
    expect(findWorkoutType('polar', 'RUNNING|RUNNING_TRAIL')).toBe('trail_running');
    expect(findWorkoutType('polar', 'running')).toBeUndefined();
    expect(workoutTypeFrom('garmin', ' trail_running ')).toBe('trail_running');
    expect(workoutTypeFrom('suunto', '1')).toBe('running');
    expect(workoutTypeFrom('apple_xml', 'HKWorkoutActivityTypeNoSuchThing')).toBe('other');
    for (const name of WORKOUT_VOCABULARIES) expect(findWorkoutType(name, 'no such sport')).toBeUndefined();
  });

  it('know where a pace means something', () => {
    expect(WORKOUT_TYPES).toHaveLength(117);
    expect([hasPace('trail_running'), hasPace('yoga'), hasPace('nonsense'), hasPace(null)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('sleep stages', () => {
  it.each([
    ['in_bed', 'in_bed'],
    ['REM', 'rem'],
    ['core', 'light'],
    ['asleep_core', 'light'],
    ['Asleep', 'sleeping'],
    ['asleep_deep', 'deep'],
    ['asleep_rem', 'rem'],
    ['unknown', 'unknown'],
    ['out_of_bed', null],
    ['', null],
    ['toString', null],
  ])('phone stage %j is %j', (text, stage) => expect(sleepStageFromSdk(text)).toBe(stage));

  it('of other senders are exact', () => {
    expect(findSleepStage('apple_xml', 'HKCategoryValueSleepAnalysisAsleepCore')).toBe('light');
    expect(findSleepStage('oura', '3')).toBe('rem');
    expect(findSleepStage('google', 'deep')).toBeUndefined();
  });
});

describe('devices', () => {
  it.each([
    ['Watch7,1', 'Apple Watch Series 9 41mm (GPS)'],
    ['SM-R860', 'Galaxy Watch4 40mm'],
    ['SM-L300', 'Galaxy Watch7 40mm'],
    ['SM-R861', 'Galaxy Watch FE'],
    ['watch7,1', 'watch7,1'],
    ['Forerunner 255', 'Forerunner 255'],
    ['', null],
    [null, null],
  ])('name of %j is %j', (model, name) => expect(deviceName(model)).toBe(name));

  it.each([
    ['Watch7,1', 'watch'],
    ['Watch99,9', 'watch'],
    ['Watch', 'watch'],
    ['iPhone17,1', 'phone'],
    ['iPad13,4', 'phone'],
    ['iPod9,1', 'other'],
    ['SM-R870', 'watch'],
    ['SM-R875F', 'watch'],
    ['SM-L705U', 'watch'],
    ['SM-Q500', 'ring'],
    ['SM-S911B', 'phone'],
    ['SM-X999', 'phone'],
    ['vívosmart 5', 'band'],
    ['fēnix 7X', 'watch'],
    ['Forerunner 255', 'watch'],
    ['Oura Ring Gen3', 'ring'],
    ['Heart Monitoring Spring', 'other'],
    ['Index S2', 'scale'],
    ['Reindexer', 'other'],
    ['Grit X Pro', 'watch'],
    ['Trace 3', 'other'],
    ['Suunto Race', 'watch'],
    ['WHOOP 4.0', 'band'],
    ['SmartBand 9', 'band'],
    ['Pixel 9', 'other'],
  ])('%j is a %s', (model, type) => expect(inferDeviceType(model, 'Oura')).toBe(type));

  it.each([
    ['AutoSleep', 'watch'],
    ['Mi Band Tools', 'band'],
    ['Oura', 'ring'],
    ['Zepp Life', 'unknown'],
    ['Health', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('without a model, the writer %j is a %s', (source, type) => expect(inferDeviceType(null, source)).toBe(type));

  it.each([
    ['fitness_band', 'band'],
    ['chest_strap', 'other'],
    ['watch', 'watch'],
    ['unknown', null],
    ['toaster', null],
    ['valueOf', null],
    [null, null],
  ])('declared type %j counts as %j', (text, type) => expect(deviceTypeFromPayload(text)).toBe(type));
});

describe('priorities, names, coverage', () => {
  it('rank every provider and device type', () => {
    expect(PROVIDER_PRIORITY_SEED.map(({ rank }) => rank)).toEqual(PROVIDERS.map((_, index) => index + 1));
    expect(PROVIDER_PRIORITY_SEED.at(5)).toEqual({ key: 'samsung', rank: 6 });
    expect(DEVICE_TYPE_PRIORITY_SEED.at(-1)).toEqual({ key: 'unknown', rank: MISSING_RANK });
  });

  it.each([
    ['garmin', 'Forerunner 255', 'App', 'Garmin - Forerunner 255'],
    ['apple', null, 'Demo App', 'Apple - Demo App'],
    ['apple', '', null, 'Apple'],
  ])('name sources', (provider, model, original, name) => expect(dataSourceName(provider, model, original)).toBe(name));

  it.each<[string, number, number]>([
    ['polar', 1, 0],
    ['polar', 6, 100],
    ['polar', 4.333, 66.66],
    ['whoop', 64, 64],
    ['constructor', 64, 64],
  ])('show a recovery score of %s of %d as %d percent', (provider, value, percent) =>
    expect(percentOfScore('recovery', provider, value)).toBe(percent),
  );

  it('cover known series, units, scores and providers, in order', () => {
    expect(META_COVERAGE.providers).toEqual([...PROVIDERS].sort());
    const sections = [META_COVERAGE.workout_fields, META_COVERAGE.sleep_fields, META_COVERAGE.health_scores];
    const lists = [...META_COVERAGE.timeseries.map((group) => group.metrics), ...sections];
    for (const list of lists) {
      const codes = list.map((item) => item.code);
      expect(codes).toEqual([...codes].sort());
      for (const item of list) {
        expect(item.providers).toEqual([...item.providers].sort());
        expect(item.providers.every(isConnectableProvider)).toBe(true);
      }
    }
    for (const { name, metrics } of META_COVERAGE.timeseries) {
      for (const { code, unit } of metrics) expect(seriesTypeByCode(code)).toMatchObject({ category: name, unit });
    }
    for (const { code } of META_COVERAGE.health_scores) expect(SCORE_CATEGORIES).toContain(code);
    expect(META_COVERAGE.health_scores.find(({ code }) => code === 'sleep')?.providers).toContain('samsung');
  });
});
