import { describe, expect, it } from '@jest/globals';
import { formatInstant, type JsonValue } from '#libs/model';
import { BadRecord } from './mapping-context.js';
import {
  amountAt,
  numberAt,
  objectOf,
  parseIsoDuration,
  parseVendorTime,
  requiredNumber,
  requiredText,
  requiredTime,
  timeAt,
  timeIn,
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
    const said: unknown[] = [];
    const heard = { warn: (reason: string, path?: string | null) => void said.push([path, reason]) };
    const number = (path: string) => numberAt(record, path, heard);
    expect([number('n'), wholeNumberAt(record, 'deep.n', heard), number('nothing')]).toEqual([4.9, -1, null]);
    expect([number('no.such'), timeAt(record, 'empty', heard), timeAt(record, 'gone', heard)]).toEqual([
      null,
      null,
      null,
    ]);
    expect([amountAt(record, 'n', heard), amountAt(record, 'n', heard, 4), amountAt(record, 'deep.n', heard)]).toEqual([
      4.9,
      null,
      null,
    ]);
    expect(said.splice(0)).toEqual([
      ['n', 'is out of range'],
      ['deep.n', 'is out of range'],
    ]);
    // What is wrong is told, and costs itself alone.
    expect([number('text'), numberAt({ n: Infinity }, 'n', heard)]).toEqual([null, null]);
    expect([timeAt(record, 'text', heard), timeAt(record, 'n', heard), timeIn(record, 'text')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(said).toEqual([
      ['text', 'must be a number'],
      ['n', 'must be a number'],
      ['text', 'must be an ISO 8601 date and time'],
      ['n', 'must be an ISO 8601 date and time'],
    ]);
    expect(listAt(record, 'text')).toEqual([]);
    expect(requiredText(record, 'n')).toBe('4.9');
    for (const wrong of [
      () => requiredNumber(record, 'text'),
      () => requiredNumber({ n: Infinity }, 'n'),
      () => requiredTime(record, 'text'),
      () => requiredTime(record, 'n'),
      () => requiredTime(record, 'gone'),
      () => requiredText(record, 'empty'),
      () => objectOf([record]),
      () => objectOf(null),
    ]) {
      expect(wrong).toThrow(BadRecord);
    }
  });
});
