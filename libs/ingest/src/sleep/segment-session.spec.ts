import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND, SLEEP_STAGES } from '#libs/model';
import { segmentOf, span } from './fixtures/fragments.js';
import { compareFragments, type SegmentFragment } from './fragment.js';
import { deriveSegmentSession } from './segment-session.js';

const derive = (...segments: SegmentFragment[]) => deriveSegmentSession(segments.sort(compareFragments));

describe('deriveSegmentSession', () => {
  it('gives the numbers of the worked example', () => {
    const sleep = derive(
      segmentOf('in_bed', '22:50', '06:40', { externalId: 'opening' }),
      segmentOf('light', '23:05', '00:10'),
      segmentOf('deep', '00:10', '01:00'),
      segmentOf('awake', '01:00', '01:12'),
      segmentOf('rem', '01:12', '01:55', { zoneOffset: 60 }),
      segmentOf('light', '01:50', '06:30'),
    );
    expect(sleep).toMatchObject({
      lightMinutes: 340,
      deepMinutes: 50,
      remMinutes: 43,
      awakeMinutes: 12,
      totalMinutes: 433,
      timeInBedMinutes: 470,
      efficiencyPercent: 92.13,
      durationSeconds: 26700,
      externalId: 'opening',
      zoneOffset: 60,
      isNap: false,
    });
    expect(span(sleep!)).toBe('23:05-06:30');
    expect(sleep?.stages?.map((interval) => `${interval.stage} ${span(interval)}`)).toEqual([
      'light 23:05-00:10',
      'deep 00:10-01:00',
      'awake 01:00-01:12',
      'rem 01:12-01:55',
      'light 01:55-06:30',
    ]);
  });

  it.each<[string, SegmentFragment[], Record<string, unknown>, string]>([
    [
      'lying in bed alone counts as sleeping, time awake stays awake',
      [segmentOf('in_bed', '23:00', '06:00'), segmentOf('awake', '06:00', '06:30')],
      { totalMinutes: 420, awakeMinutes: 30, timeInBedMinutes: 450, efficiencyPercent: 93.33 },
      '23:00-06:30',
    ],
    [
      'undifferentiated sleep counts where nothing finer is known',
      [
        segmentOf('in_bed', '22:00', '07:00'),
        segmentOf('sleeping', '23:00', '05:00'),
        segmentOf('unknown', '05:00', '06:00'),
      ],
      { totalMinutes: 360, timeInBedMinutes: 540, efficiencyPercent: 66.67, deepMinutes: 0 },
      '23:00-05:00',
    ],
    [
      'undifferentiated sleep is left out beside finer stages',
      [
        segmentOf('sleeping', '22:00', '23:00'),
        segmentOf('rem', '23:00', '01:00'),
        segmentOf('sleeping', '23:30', '03:00'),
      ],
      { totalMinutes: 120, remMinutes: 120, timeInBedMinutes: 120, efficiencyPercent: 100 },
      '23:00-01:00',
    ],
    [
      'time awake before anything else is ignored, later time awake is not',
      [
        segmentOf('awake', '21:00', '21:30'),
        segmentOf('unknown', '21:30', '22:00'),
        segmentOf('deep', '22:00', '23:00'),
        segmentOf('awake', '23:00', '23:20'),
      ],
      { totalMinutes: 60, awakeMinutes: 20, timeInBedMinutes: 80, efficiencyPercent: 75 },
      '22:00-23:20',
    ],
    [
      'overlapping stretches in bed count once',
      [
        segmentOf('in_bed', '22:00', '02:00'),
        segmentOf('in_bed', '01:00', '04:00'),
        segmentOf('in_bed', '05:00', '06:00'),
        segmentOf('light', '22:30', '05:30'),
      ],
      { totalMinutes: 420, timeInBedMinutes: 420, efficiencyPercent: 100 },
      '22:30-05:30',
    ],
    [
      'a stretch inside an earlier one vanishes and does not shorten the night',
      [segmentOf('light', '22:00', '06:00'), segmentOf('deep', '01:00', '02:00')],
      { totalMinutes: 480, deepMinutes: 0, lightMinutes: 480 },
      '22:00-06:00',
    ],
    [
      'of equal starts the shorter comes first',
      [
        segmentOf('in_bed', '21:50', '22:00'),
        segmentOf('light', '22:00', '06:00'),
        segmentOf('awake', '22:00', '22:10'),
      ],
      { totalMinutes: 470, awakeMinutes: 10, durationSeconds: 28800 },
      '22:00-06:00',
    ],
  ])('%s', (_, segments, expected, window) => {
    const sleep = derive(...segments);
    expect(sleep).toMatchObject(expected);
    expect(span(sleep!)).toBe(window);
  });

  it('lets the last score win and the first name and offset', () => {
    const sleep = derive(
      segmentOf('light', '23:00', '00:00', { score: 60, sourceName: null }),
      segmentOf('deep', '00:00', '01:00', { score: 70, sourceName: 'Watch', zoneOffset: -660 }),
      segmentOf('rem', '01:00', '02:00', { sourceName: 'Other', zoneOffset: 0 }),
    );
    expect(sleep).toMatchObject({ score: 70, sourceName: 'Watch', zoneOffset: -660 });
  });

  it.each([
    ['only awake', [segmentOf('awake', '22:00', '23:00')]],
    ['only unknown', [segmentOf('unknown', '22:00', '23:00'), segmentOf('awake', '23:00', '23:30')]],
    ['nothing', []],
  ])('makes no session of %s', (_, segments) => {
    expect(derive(...segments)).toBeNull();
  });

  it('cuts seconds, never rounds them up', () => {
    const part = segmentOf('deep', '22:00', '22:01');
    const sleep = derive({ ...part, endedAt: part.startedAt + 2 * MINUTE - 1 });
    expect(sleep).toMatchObject({ totalMinutes: 1, durationSeconds: 119 });
  });

  it('stays within bounds for any segments', () => {
    const anySegment = fc
      .record({
        at: fc.integer({ min: 0, max: 600 }),
        length: fc.integer({ min: 1, max: 90 }),
        stage: fc.constantFrom(...SLEEP_STAGES),
      })
      .map(({ at, length, stage }) => {
        const base = segmentOf(stage, '20:00', '20:01');
        const startedAt = base.startedAt + at * MINUTE;
        return { ...base, startedAt, endedAt: startedAt + length * MINUTE };
      });
    fc.assert(
      fc.property(fc.array(anySegment, { maxLength: 25 }), (segments) => {
        const sleep = derive(...segments);
        if (!sleep) return;
        expect(sleep.durationSeconds).toBe((sleep.endedAt - sleep.startedAt) / SECOND);
        expect(sleep.efficiencyPercent).toBeLessThanOrEqual(100);
        expect(sleep.timeInBedMinutes).toBeGreaterThanOrEqual(sleep.totalMinutes!);
        const stages = sleep.stages!;
        stages.slice(1).forEach((next, i) => expect(next.startedAt).toBeGreaterThanOrEqual(stages[i]!.endedAt));
      }),
      { numRuns: 300 },
    );
  });
});
