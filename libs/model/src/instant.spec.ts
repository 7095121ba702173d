import { describe, expect, it } from '@jest/globals';
import { dateFromInstant, DAY, formatInstant, HOUR, instantFromDate, MAX_INSTANT, parseIsoInstant } from './instant.js';
import { parseSdkInstant } from './sdk-instant.js';
import { formatZoneOffset, localDate, localMidnight, parseZoneOffset } from './zone-offset.js';

const at = (text: string): number => {
  const instant = parseIsoInstant(text);
  if (instant === null) throw new Error(`not an instant: ${text}`);
  return instant;
};

describe('instants', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.000001Z', 1],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['2031-05-02T06:07:08.00012Z', 1935468428000120],
    ['2031-05-02T06:07:08,5', 1935468428500000],
    ['2031-05-02', 1935446400000000],
    ['2031-05-02 06:07', 1935468420000000],
    ['2031-05-02T06:07:08.1234569Z', 1935468428123456],
    ['2031-05-02T06:07:08 +0200', 1935461228000000],
    ['2031-05-02T06:07:08+14:00', 1935418028000000],
    ['2031-05-02T06:07:08-11', 1935508028000000],
    ['2028-02-29T00:00:00Z', 1835395200000000],
  ])('reads %s exactly', (text, micros) => expect(parseIsoInstant(text)).toBe(micros));

  it.each([
    '2031-02-29',
    '2100-02-29T00:00:00Z',
    '2031-04-31',
    '2031-13-01',
    '2031-00-10',
    '2031-01-00',
    '2031-01-01T24:00:00Z',
    '2031-01-01T23:60:00Z',
    '2031-01-01T23:59:60Z',
    '2031-01-01T00:00:00+24:00',
    '2031-01-01T00:00:00+02:60',
    '2031-01-01T',
    '31-01-01',
    '0050-01-01T00:00:00Z',
    '0000-01-01',
    '2255-01-01T00:00:00.000001Z',
    '9999-12-31',
    '',
  ])('refuses %j', (text) => expect(parseIsoInstant(text)).toBeNull());

  it('keeps the largest instant and round-trips every microsecond around it', () => {
    expect(at('2255-01-01T00:00:00Z')).toBe(MAX_INSTANT);
    expect(formatInstant(MAX_INSTANT - 1)).toBe('2254-12-31T23:59:59.999999Z');
  });

  it.each([
    ['2031-05-02T06:07:08Z', '2031-05-02T06:07:08Z'],
    ['2031-05-02T06:07:08.1Z', '2031-05-02T06:07:08.100000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['1700-01-01T00:00:00.000001Z', '1700-01-01T00:00:00.000001Z'],
  ])('writes %s as %s', (text, wire) => expect(formatInstant(at(text))).toBe(wire));

  it('goes to and from Date', () => {
    expect(instantFromDate(new Date('2031-05-02T06:07:08.123Z'))).toBe(1935468428123000);
    expect(dateFromInstant(-1).toISOString()).toBe('1969-12-31T23:59:59.999Z');
  });
});

describe('parseSdkInstant', () => {
  it.each([
    ['2031-03-04T04:00:00Z', 1930363200000000],
    ['2031-03-04T04:00:00.000001Z', 1930363200000001],
    ['2031-03-04T04:00Z', 1930363200000000],
    ['2031-03-04 06:00:00+02:00', 1930363200000000],
    ['2031-03-04T06:00:00+0200', 1930363200000000],
    ['2031-03-04T04:00:00', 1930363200000000],
    ['2031-03-04', 1930348800000000],
    [1930363200, 1930363200000000],
    [1930363200.000001, 1930363200000001],
    [1930363200000, 1930363200000000],
    [1930363200000.001, 1930363200000001],
    ['1930363200', 1930363200000000],
    ['1930363200000', 1930363200000000],
    ['1930363200.5', 1930363200500000],
    [20_000_000_000, null],
    [20_000_000_001, 20_000_000_001_000],
    [-20_000_000_001, -20_000_000_001_000],
    ['-1', -1_000_000],
    [-0, 0],
    ['20310304', 20_310_304_000_000],
  ])('reads %j', (value, micros) => expect(parseSdkInstant(value)).toBe(micros));

  it.each([
    '2031-01-05 08:00:00 +0200',
    '2031-01-05T08:00:00 Z',
    ' 2031-01-05T08:00:00Z',
    '2255-01-01T00:00:01Z',
    '1e9',
    'NaN',
    '',
    NaN,
    Infinity,
    1e300,
    true,
    null,
    undefined,
    {},
    [1930363200],
  ])('refuses %j', (value) => expect(parseSdkInstant(value)).toBeNull());
});

describe('zone offsets', () => {
  it.each([
    ['Z', 0],
    ['+00:00', 0],
    ['-00:00', 0],
    ['+05:45', 345],
    ['-03:30', -210],
    ['+14:00', 840],
    ['-11:00', -660],
    ['+18:00', 1080],
    [null, null],
    [undefined, null],
  ])('reads %j', (text, minutes) => expect(parseZoneOffset(text)).toBe(minutes));

  it.each(['', 'z', '+5:00', '05:00', '+0500', '+18:01', '+00:60', '+05:00 ', 'UTC'])('marks %j as wrong', (text) =>
    expect(parseZoneOffset(text)).toBeUndefined(),
  );

  it.each([
    [0, '+00:00'],
    [345, '+05:45'],
    [-210, '-03:30'],
    [-30, '-00:30'],
    [null, null],
  ])('writes %j', (minutes, text) => expect(formatZoneOffset(minutes)).toBe(text));

  it.each([
    ['2031-05-02T23:59:59.999999Z', 0, '2031-05-02'],
    ['2031-05-02T10:00:00Z', 840, '2031-05-03'],
    ['2031-05-02T09:59:59.999999Z', 840, '2031-05-02'],
    ['2031-05-02T10:59:59Z', -660, '2031-05-01'],
    ['2031-05-02T11:00:00Z', -660, '2031-05-02'],
    ['2028-02-28T23:30:00Z', 60, '2028-02-29'],
    ['1969-12-31T23:59:59.999999Z', null, '1969-12-31'],
  ])('%s at %j minutes lies on %s', (text, offset, date) => {
    expect(localDate(at(text), offset)).toBe(date);
    const midnight = localMidnight(at(text), offset);
    expect(localDate(midnight, offset)).toBe(date);
    expect(localDate(midnight - 1, offset)).not.toBe(date);
    expect(at(text) - midnight).toBeLessThan(DAY);
  });

  it('puts local midnight west of Greenwich into the UTC day', () =>
    expect(localMidnight(at('2031-05-02T03:00:00Z'), -300)).toBe(at('2031-05-01T00:00:00Z') + 5 * HOUR));
});
