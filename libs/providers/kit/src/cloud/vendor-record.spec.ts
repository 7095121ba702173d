import { describe, expect, it } from '@jest/globals';
import { formatInstant, type JsonValue } from '#libs/model';
import { BadRecord } from './mapping-context.js';
import {
  numberAt,
  objectOf,
  parseIsoDuration,
  parseVendorTime,
  requiredText,
  requiredTime,
  timeAt,
  wholeNumberAt,
} from './vendor-record.js';
import { listAt } from './json-path.js';

describe('vendor times', () => {
  it.each<[string, string, number | null]>([
    ['2026-03-09T04:00:00+01:00', '2026-03-09T03:00:00Z', 60],
    ['2026-03-09T04:00:00.250-03:30', '2026-03-09T07:30:00.250000Z', -210],
    ['2026-03-09T04:00:00Z', '2026-03-09T04:00:00Z', 0],
    ['2026-03-09T04:00:00-00:00', '2026-03-09T04:00:00Z', 0],
    ['2026-03-09T04:00', '2026-03-09T04:00:00Z', null],
    ['2026-03-09T04:00:00+0545', '2026-03-08T22:15:00Z', 345],
    ['2026-03-09', '2026-03-09T00:00:00Z', null],
    ['2026-01-01T00:30:00+14:00', '2025-12-31T10:30:00Z', 840],
    ['2026-01-01T00:30:00-12:00', '2026-01-01T12:30:00Z', -720],
  ])('%s', (text, instant, zoneOffset) => {
    const time = parseVendorTime(text);
    expect(time && { at: formatInstant(time.at), zoneOffset: time.zoneOffset }).toEqual({ at: instant, zoneOffset });
  });

  it.each(['', 'soon', '2026-13-01T00:00:00Z', '2026-02-30', '2026-03-09T04:00:00+19:00', '2026-03-09T25:00'])(
    '%j is none',
    (text) => expect(parseVendorTime(text)).toBeNull(),
  );
});

it.each<[string, number | null]>([
  ['PT52M7.500S', 3127.5],
  ['PT3H41M29S', 13_289],
  ['P1DT1S', 86_401],
  ['PT0S', 0],
  ['PT', null],
  ['P', null],
  ['', null],
  ['52M', null],
  ['PT-5M', null],
])('duration %j is %p seconds', (text, seconds) => expect(parseIsoDuration(text)).toBe(seconds));

describe('fields', () => {
  it('tells missing from wrong', () => {
    const record: JsonValue = {
      n: 4.9,
      nothing: null,
      text: 'x',
      at: '2026-03-09T04:00:00Z',
      empty: '',
      deep: { n: -1.5 },
    };
    expect([numberAt(record, 'n'), wholeNumberAt(record, 'deep.n'), numberAt(record, 'nothing')]).toEqual([
      4.9,
      -1,
      null,
    ]);
    expect([numberAt(record, 'no.such'), timeAt(record, 'empty'), timeAt(record, 'gone')]).toEqual([null, null, null]);
    expect(listAt(record, 'text')).toEqual([]);
    expect(requiredText(record, 'n')).toBe('4.9');
    for (const wrong of [
      () => numberAt(record, 'text'),
      () => numberAt({ n: Infinity }, 'n'),
      () => timeAt(record, 'text'),
      () => timeAt(record, 'n'),
      () => requiredTime(record, 'gone'),
      () => requiredText(record, 'empty'),
      () => objectOf([record]),
      () => objectOf(null),
    ]) {
      expect(wrong).toThrow(BadRecord);
    }
  });
});
