import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant } from '#libs/model';
import { calendarDate, queryInstant, timestamp } from './time.kinds.js';
import { WireProblem } from './wire-problem.js';

const outcome = (read: unknown): unknown => (read instanceof WireProblem ? read.message : read);
const NO_DATETIME = 'Input should be a valid datetime, invalid or unsupported format';
const NO_DATE = 'Input should be a valid date in the format YYYY-MM-DD';

describe('queryInstant', () => {
  it('keeps the instant and what the answer echoes', () => {
    expect(queryInstant().read('2031-05-02T00:00:00+02:00')).toEqual({
      instant: parseIsoInstant('2031-05-01T22:00:00Z'),
      isMidnight: true,
      echo: '2031-05-02T00:00:00+02:00',
    });
  });

  it.each(['', 'tomorrow', '1e30', '2031-02-30'])('quotes %j when it is no time', (raw) => {
    expect(outcome(queryInstant().read(raw))).toBe(
      `Invalid datetime format: '${raw}'. Expected ISO 8601 format or Unix timestamp.`,
    );
  });
});

describe('timestamp', () => {
  it.each<[unknown, unknown]>([
    ['2031-05-02T06:07:08.000120Z', parseIsoInstant('2031-05-02T06:07:08.000120Z')],
    [' 2031-05-02T06:07:08Z ', parseIsoInstant('2031-05-02T06:07:08Z')],
    [1.5, 1_500_000],
    [-1, -1_000_000],
    [1e300, NO_DATETIME],
    ['soon', NO_DATETIME],
    [null, NO_DATETIME],
    [{}, NO_DATETIME],
  ])('reads %j as %j', (raw, expected) => {
    expect(outcome(timestamp().read(raw))).toBe(expected);
  });
});

describe('calendarDate', () => {
  it.each<[unknown, string]>([
    ['2028-02-29', '2028-02-29'],
    ['2027-02-29', NO_DATE],
    ['2027-2-9', NO_DATE],
    ['2027-02-09T00:00:00Z', NO_DATE],
    ['0000-01-01', NO_DATE],
    [20270209, NO_DATE],
  ])('reads %j as %j', (raw, expected) => {
    expect(outcome(calendarDate().read(raw))).toBe(expected);
  });
});
