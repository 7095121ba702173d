import { describe, expect, it } from '@jest/globals';
import { HOUR } from '#libs/model';
import { assignEvents, nightKey, type Claim, type StoredSleep } from './event-assignment.js';
import { clock } from './fixtures/fragments.js';

const event = (id: string, from: string, to: string, createdAt: number, day = 0): StoredSleep => ({
  id,
  startedAt: clock(from, day),
  endedAt: clock(to, day),
  zoneOffset: null,
  createdAt,
});
const session = (from: string, to: string, former: string[], day = 0): Claim => ({
  startedAt: clock(from, day),
  endedAt: clock(to, day),
  zoneOffset: null,
  formerEventIds: new Set(former),
});
const assign = (sessions: Claim[], events: StoredSleep[]) => {
  const assigned = assignEvents(sessions, events);
  return sessions.map((one) => assigned.get(one) ?? null);
};

describe('assignEvents', () => {
  it.each<[string, Claim[], StoredSleep[], (string | null)[]]>([
    ['a new session has none', [session('22:00', '06:00', [])], [], [null]],
    ['a session that grew keeps its own', [session('22:00', '06:00', ['a'])], [event('a', '23:00', '05:00', 1)], ['a']],
    [
      'of several that grew together the oldest stays',
      [session('22:00', '06:00', ['a', 'b'])],
      [event('a', '22:00', '00:00', 2), event('b', '01:00', '06:00', 1)],
      ['b'],
    ],
    [
      'of equally old ones the earlier night, then the smaller id',
      [session('22:00', '06:00', ['a', 'b', 'c'])],
      [event('c', '22:00', '00:00', 1), event('b', '22:00', '00:00', 1), event('a', '01:00', '06:00', 1)],
      ['b'],
    ],
    [
      'of one that fell apart in three the largest part keeps it',
      [session('20:00', '21:00', ['a']), session('23:30', '03:00', ['a']), session('05:30', '06:00', ['a'])],
      [event('a', '20:00', '06:00', 1)],
      [null, 'a', null],
    ],
    ['moved within the night', [session('04:00', '05:00', ['a'])], [event('a', '22:00', '23:00', 1)], ['a']],
    ['moved to another night', [session('22:00', '23:00', ['a'], 2)], [event('a', '22:00', '23:00', 1)], [null]],
    [
      'left behind by its fragments, taken up by what overlaps it',
      [session('22:30', '23:30', []), session('22:00', '23:00', ['a'], 2)],
      [event('a', '22:00', '23:00', 1)],
      ['a', null],
    ],
    [
      'an absorbed one is not handed to a nap that overlaps it',
      [session('22:00', '06:00', ['a', 'b']), session('02:00', '02:30', [])],
      [event('a', '22:00', '00:00', 1), event('b', '01:00', '06:00', 2)],
      ['a', null],
    ],
    [
      'a nap inside a night and the night keep their own, whatever their age',
      [session('22:00', '06:00', ['night']), session('02:00', '02:30', ['nap'])],
      [event('nap', '02:00', '02:30', 1), event('night', '22:00', '06:00', 2)],
      ['night', 'nap'],
    ],
  ])('%s', (_, sessions, events, expected) => {
    expect(assign(sessions, events)).toEqual(expected);
  });
});

describe('nightKey', () => {
  it.each([
    ['before noon belongs to the night before', '11:59', 0, null, '2026-03-02'],
    ['noon opens the next', '12:00', 1, null, '2026-03-03'],
    ['after midnight belongs to the evening before', '00:30', 0, null, '2026-03-02'],
    ['late evening at the far east', '09:00', 0, 840, '2026-03-03'],
    ['late morning at the far east', '21:59', 0, 840, '2026-03-02'],
    ['at the far west', '22:59', 0, -660, '2026-03-01'],
    ['at the far west from noon on', '23:00', 0, -660, '2026-03-02'],
  ])('%s', (_, time, day, zoneOffset, expected) => {
    const startedAt = clock(time, day);
    expect(nightKey({ startedAt, endedAt: startedAt + HOUR, zoneOffset })).toBe(expected);
  });
});
