import { describe, expect, it } from '@jest/globals';
import { DAY, MINUTE } from '#libs/model';
import { rangesOfDates } from './date-ranges.js';

const HOUR = 60 * MINUTE;

describe('rangesOfDates', () => {
  it('is one range per run of adjoining dates', () => {
    expect(rangesOfDates([5, 3, 4, 9], 0, 0)).toEqual([
      { from: 3 * DAY, to: 6 * DAY },
      { from: 9 * DAY, to: 10 * DAY },
    ]);
  });

  it('covers every instant that is one of the dates in one of the zones', () => {
    expect(rangesOfDates([3], -11 * 60, 14 * 60)).toEqual([{ from: 3 * DAY - 14 * HOUR, to: 4 * DAY + 11 * HOUR }]);
  });

  it('never names an instant twice when a traveller crossed the dateline and a date lies between', () => {
    expect(rangesOfDates([3, 5], -11 * 60, 14 * 60)).toEqual([{ from: 3 * DAY - 14 * HOUR, to: 6 * DAY + 11 * HOUR }]);
  });
});
