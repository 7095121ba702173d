import { describe, expect, it } from '@jest/globals';
import { checkRecord, checkSleepSegment, checkWorkout } from './sdk-items.js';

const times = { startDate: '2031-03-04T04:00:00Z', endDate: 1930363500 };
const record = { type: null, ...times, value: 1, unit: null };
const segment = { stage: 'deep', ...times };
const workout = { ...times };
const statistic = { type: 'distance', unit: 'm', value: 1 };

const without = (item: object, key: string): object =>
  Object.fromEntries(Object.entries(item).filter(([name]) => name !== key));

describe('items', () => {
  it.each([
    ['a bare record', checkRecord(record)],
    ['an object as metadata', checkRecord({ ...record, metadata: {} })],
    ['a list as metadata', checkRecord({ ...record, metadata: [{}] })],
    ['unknown fields', checkRecord({ ...record, whatever: 1, zone: [] })],
    ['a bare segment', checkSleepSegment(segment)],
    ['a segment with values', checkSleepSegment({ ...segment, values: [{ type: 'sleepScore', value: 81 }] })],
    ['a bare workout', checkWorkout(workout)],
    ['a flag as statistic', checkWorkout({ ...workout, values: [{ ...statistic, value: true }] })],
    ['a text as statistic', checkWorkout({ ...workout, values: [{ ...statistic, value: '1.5' }] })],
    [
      'nulls everywhere',
      checkWorkout({ ...workout, values: null, segments: null, laps: null, route: null, samples: null }),
    ],
  ])('accept %s', (_name, { flaw }) => expect(flaw).toBeNull());

  const text = 'Input should be a valid string';
  const required = 'Field required';
  const time = 'Input should be a valid datetime';
  const decimal = 'Input should be a valid decimal';
  const list = 'Input should be a valid list';
  const object = 'Input should be a valid dictionary';
  const item = 'Input should be a valid dictionary or object to extract fields from';

  it.each([
    [checkRecord(null), null, item],
    [checkRecord([]), null, item],
    [checkRecord('x'), null, item],
    [checkRecord({ ...record, id: 5 }), 'id', text],
    [checkRecord({ ...record, parentId: {} }), 'parentId', text],
    [checkRecord({ ...record, type: 5 }), 'type', text],
    [checkRecord(without(record, 'startDate')), 'startDate', required],
    [checkRecord({ ...record, startDate: null }), 'startDate', time],
    [checkRecord({ ...record, startDate: '2031-01-05 08:00:00 +0200' }), 'startDate', time],
    [checkRecord({ ...record, endDate: true }), 'endDate', time],
    [checkRecord({ ...record, zoneOffset: 60 }), 'zoneOffset', text],
    [checkRecord(without(record, 'value')), 'value', required],
    [checkRecord({ ...record, value: null }), 'value', decimal],
    [checkRecord({ ...record, value: true }), 'value', decimal],
    [checkRecord({ ...record, value: 'NaN' }), 'value', decimal],
    [checkRecord({ ...record, value: 'Infinity' }), 'value', decimal],
    [checkRecord({ ...record, value: '' }), 'value', decimal],
    [checkRecord({ ...record, value: '0x10' }), 'value', decimal],
    [checkRecord(without(record, 'unit')), 'unit', required],
    [checkRecord({ ...record, unit: 5 }), 'unit', text],
    [checkRecord({ ...record, metadata: 'x' }), 'metadata', list],
    [checkRecord({ ...record, metadata: [1] }), 'metadata.0', object],
    [checkRecord({ ...record, id: 5, value: null }), 'id', text],
    [checkSleepSegment(without(segment, 'stage')), 'stage', required],
    [checkSleepSegment({ ...segment, stage: null }), 'stage', text],
    [checkSleepSegment({ ...segment, values: {} }), 'values', list],
    [checkSleepSegment({ ...segment, values: [{}, 5] }), 'values.1', object],
    [checkWorkout({ ...workout, title: 5 }), 'title', text],
    [checkWorkout({ ...workout, notes: [] }), 'notes', text],
    [checkWorkout({ ...workout, values: 5 }), 'values', list],
    [checkWorkout({ ...workout, values: [null] }), 'values.0', object],
    [checkWorkout({ ...workout, values: [statistic, without(statistic, 'unit')] }), 'values.1.unit', required],
    [checkWorkout({ ...workout, values: [{ ...statistic, unit: null }] }), 'values.0.unit', text],
    [checkWorkout({ ...workout, values: [without(statistic, 'type')] }), 'values.0.type', required],
    [checkWorkout({ ...workout, values: [without(statistic, 'value')] }), 'values.0.value', required],
    [
      checkWorkout({ ...workout, values: [{ ...statistic, value: null }] }),
      'values.0.value',
      'Input should be a valid number or boolean',
    ],
    [checkWorkout({ ...workout, segments: {} }), 'segments', list],
    [checkWorkout({ ...workout, laps: [[]] }), 'laps.0', object],
    [checkWorkout({ ...workout, route: 'x' }), 'route', list],
    [checkWorkout({ ...workout, samples: [1] }), 'samples.0', object],
  ])('%# are refused at %j: %s', (result, path, message) =>
    expect(result).toEqual({ item: null, flaw: { path, message } }),
  );
});
