import { expect, it } from '@jest/globals';
import { DAY, MINUTE } from '#libs/model';
import { rangesOfDates } from './date-ranges.js';

it.each([
  [[], 0, 0, []],
  [[10], 0, 0, [[10 * DAY, 11 * DAY]]],
  [
    [12, 10, 11, 14],
    0,
    0,
    [
      [10 * DAY, 13 * DAY],
      [14 * DAY, 15 * DAY],
    ],
  ],
  [[10], -660, 840, [[10 * DAY - 840 * MINUTE, 11 * DAY + 660 * MINUTE]]],
  [[-1, 0], 0, 60, [[-DAY - 60 * MINUTE, DAY]]],
  // Over the dateline, with a date in between: the two ranges overlap, and no instant may be named twice.
  [[10, 12], -660, 840, [[10 * DAY - 840 * MINUTE, 13 * DAY + 660 * MINUTE]]],
])('dates %j with offsets %d..%d lie in %j', (dates, zoneMin, zoneMax, ranges) => {
  expect(rangesOfDates(dates, zoneMin, zoneMax).map(({ from, to }) => [from, to])).toEqual(ranges);
});
