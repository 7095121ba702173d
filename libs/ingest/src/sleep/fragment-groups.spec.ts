import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, MINUTE } from '#libs/model';
import { segmentOf, sessionOf, span } from './fixtures/fragments.js';
import { groupFragments } from './fragment-groups.js';
import type { SleepFragment } from './fragment.js';

const GAP = 120 * MINUTE;
const groups = (fragments: SleepFragment[], gap = GAP) =>
  groupFragments(fragments, gap).map((group) => group.map(span).join(' '));

describe('groupFragments', () => {
  it.each<[string, SleepFragment[], string[]]>([
    ['nothing', [], []],
    [
      'a gap of exactly the limit joins',
      [segmentOf('light', '22:00', '00:00'), segmentOf('light', '02:00', '03:00')],
      ['22:00-00:00 02:00-03:00'],
    ],
    [
      'a minute more separates',
      [segmentOf('light', '22:00', '00:00'), segmentOf('light', '02:01', '03:00')],
      ['22:00-00:00', '02:01-03:00'],
    ],
    [
      'the latest end counts, not the last one',
      [
        segmentOf('in_bed', '22:00', '06:00'),
        segmentOf('light', '22:30', '23:00'),
        segmentOf('light', '07:30', '08:00'),
      ],
      ['22:00-06:00 22:30-23:00 07:30-08:00'],
    ],
    [
      'midnight is no border',
      [segmentOf('light', '23:59', '00:00'), segmentOf('light', '00:00', '00:01')],
      ['23:59-00:00 00:00-00:01'],
    ],
    [
      'noon is no border',
      [segmentOf('light', '11:00', '11:59'), segmentOf('light', '12:30', '13:00', { day: 1 })],
      ['11:00-11:59 12:30-13:00'],
    ],
    [
      'a nap within the gap stays apart, and does not part the night around it',
      [sessionOf('22:00', '01:00'), sessionOf('01:10', '01:30', { isNap: true }), sessionOf('02:00', '06:00')],
      ['22:00-01:00 02:00-06:00', '01:10-01:30'],
    ],
    [
      'segments and vendor sessions stay apart',
      [segmentOf('light', '22:00', '06:00'), sessionOf('22:00', '06:00')],
      ['22:00-06:00', '22:00-06:00'],
    ],
  ])('%s', (_, fragments, expected) => {
    expect(groups(fragments)).toEqual(expected);
  });

  it('gives the same groups in any order', () => {
    const fragments = fc.array(
      fc
        .record({ at: fc.integer({ min: 0, max: 60 }), hours: fc.integer({ min: 1, max: 9 }), isNap: fc.boolean() })
        .map(({ at, hours, isNap }) => {
          const base = sessionOf('12:00', '13:00', { isNap });
          return {
            ...base,
            startedAt: base.startedAt + at * HOUR,
            endedAt: base.startedAt + (at + hours) * HOUR,
            externalId: `${base.id}`,
          };
        }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fragments.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const idsOf = (input: SleepFragment[]) =>
            groupFragments(input, GAP)
              .map((group) => group.map(({ id }) => id))
              .sort();
          expect(idsOf(shuffled)).toEqual(idsOf(list));
        },
      ),
    );
  });
});
