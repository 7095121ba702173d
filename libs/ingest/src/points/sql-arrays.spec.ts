import { expect, it } from '@jest/globals';
import { arrayText, columnText } from './sql-arrays.js';

const itself = <T>(value: T): T => value;

it.each([
  [[], '{}'],
  [[1], '{1}'],
  [[1.5, null, -2e-7, 1_767_225_600_000_001], '{1.5,NULL,-2e-7,1767225600000001}'],
  [[true, false], '{true,false}'],
])('arrayText of %j is %s', (values: (number | boolean | null)[], text) =>
  expect(arrayText(values, itself)).toBe(text),
);

it('columnText leaves a column of nulls empty', () => {
  expect(columnText([null, null], itself)).toBe('{}');
  expect(columnText([null, 1], itself)).toBe('{NULL,1}');
});
