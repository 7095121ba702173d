import { describe, expect, it } from '@jest/globals';
import { sameScores, scoreKey } from './score-identity.js';
import type { ScoreRow, StoredScore } from './score-row.js';

const row = (recordedAt: number, eventId: string | null, isOnePerEvent = false, category = 'sleep'): ScoreRow => ({
  provider: 'p',
  category,
  value: 1,
  qualifier: null,
  recordedAt,
  zoneOffset: null,
  components: null,
  sourceId: null,
  eventId,
  isOnePerEvent,
});
const stored = (id: string, recordedAt: number, eventId: string | null, category = 'sleep'): StoredScore => ({
  id,
  provider: 'p',
  category,
  recordedAt,
  eventId,
});

describe('sameScores', () => {
  it.each<[string, ScoreRow[], StoredScore[], (string | undefined)[], string[]]>([
    ['equal time and event', [row(1, 'e')], [stored('a', 1, 'e')], ['a'], []],
    ['another time', [row(2, 'e')], [stored('a', 1, 'e')], [undefined], []],
    ['another event', [row(1, 'f')], [stored('a', 1, 'e')], [undefined], []],
    ['another category', [row(1, 'e')], [stored('a', 1, 'e', 'strain')], [undefined], []],
    ['its night was not known yet', [row(1, 'e')], [stored('a', 1, null)], ['a'], []],
    ['a stored one is taken once', [row(1, 'e'), row(1, null)], [stored('a', 1, null)], [undefined, 'a'], []],
    ['one per event at another time', [row(2, 'e', true)], [stored('a', 1, 'e')], ['a'], []],
    [
      'one per event out of several: the oldest stays',
      [row(2, 'e', true)],
      [stored('a', 1, 'e'), stored('b', 2, 'e')],
      ['a'],
      ['b'],
    ],
    ['one per event without an event goes by its time', [row(2, null, true)], [stored('a', 2, null)], ['a'], []],
  ])('%s', (_, rows, existing, ids, surplus) => {
    const result = sameScores(rows, existing);
    expect(rows.map((one) => result.idOf.get(one))).toEqual(ids);
    expect(result.surplus).toEqual(surplus);
  });
});

describe('scoreKey', () => {
  it('leaves the time out where the event has room for one', () => {
    expect(scoreKey(row(1, 'e', true))).toBe(scoreKey(row(2, 'e', true)));
    expect(scoreKey(row(1, 'e'))).not.toBe(scoreKey(row(2, 'e')));
    expect(scoreKey(row(1, null, true))).not.toBe(scoreKey(row(2, null, true)));
  });
});
