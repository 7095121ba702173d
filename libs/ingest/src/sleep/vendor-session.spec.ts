import { describe, expect, it } from '@jest/globals';
import { sessionOf, span, stage } from './fixtures/fragments.js';
import { compareFragments, type SessionFragment } from './fragment.js';
import { deriveVendorSession } from './vendor-session.js';

const derive = (...sessions: SessionFragment[]) => deriveVendorSession(sessions.sort(compareFragments));

describe('deriveVendorSession', () => {
  it('keeps the numbers of a single session, whatever they are', () => {
    const totals = { totalMinutes: 500, timeInBedMinutes: 5000, efficiencyPercent: 12, durationSeconds: 1 };
    const sleep = derive(sessionOf('22:00', '06:00', { totals, externalId: 'x', isNap: true, sourceName: 'Ring' }));
    expect(sleep).toMatchObject({ ...totals, externalId: 'x', isNap: true, sourceName: 'Ring', stages: null });
    expect(derive(sessionOf('22:00', '06:00')).durationSeconds).toBe(8 * 3600);
  });

  it('adds up sessions one after the other; unknown only where all are', () => {
    const sleep = derive(
      sessionOf('02:00', '06:00', {
        externalId: 'second',
        zoneOffset: 120,
        totals: {
          totalMinutes: 200,
          timeInBedMinutes: 220,
          efficiencyPercent: 90,
          deepMinutes: 40,
          stages: [stage('deep', '02:00', '02:40')],
        },
      }),
      sessionOf('22:00', '01:00', {
        externalId: 'first',
        totals: {
          totalMinutes: 150,
          timeInBedMinutes: 180,
          efficiencyPercent: 0,
          stages: [stage('light', '22:00', '23:00')],
        },
      }),
    );
    expect(sleep).toMatchObject({
      externalId: 'first',
      zoneOffset: 120,
      totalMinutes: 350,
      timeInBedMinutes: 400,
      efficiencyPercent: 90,
      deepMinutes: 40,
      remMinutes: null,
      durationSeconds: 8 * 3600,
    });
    expect(sleep.stages?.map(span)).toEqual(['22:00-23:00', '02:00-02:40']);
  });

  it('counts overlapping sessions with stages again, once each', () => {
    const one = sessionOf('22:00', '06:00', {
      externalId: 'a',
      totals: {
        totalMinutes: 480,
        timeInBedMinutes: 480,
        efficiencyPercent: 100,
        stages: [stage('light', '22:00', '02:00'), stage('deep', '02:00', '06:00')],
      },
    });
    const copy = { ...one, id: -1, externalId: 'b' };
    expect(derive(one, copy)).toMatchObject({
      totalMinutes: 480,
      lightMinutes: 240,
      deepMinutes: 240,
      remMinutes: 0,
      awakeMinutes: 0,
      timeInBedMinutes: 480,
      efficiencyPercent: 100,
    });
    const later = sessionOf('05:00', '07:00', {
      totals: {
        timeInBedMinutes: 60,
        stages: [stage('rem', '05:00', '06:30'), stage('awake', '06:30', '07:00'), stage('sleeping', '06:50', '07:00')],
      },
    });
    const both = derive(one, later);
    expect(both).toMatchObject({ totalMinutes: 510, remMinutes: 30, awakeMinutes: 30, timeInBedMinutes: 540 });
    expect(both.stages?.map((interval) => `${interval.stage} ${span(interval)}`)).toEqual([
      'light 22:00-02:00',
      'deep 02:00-06:00',
      'rem 06:00-06:30',
      'awake 06:30-07:00',
    ]);
  });

  it('lets the longest of overlapping sessions speak where one has no stages', () => {
    const sleep = derive(
      sessionOf('22:00', '23:30', {
        totals: {
          totalMinutes: 80,
          timeInBedMinutes: 90,
          efficiencyPercent: 60,
          stages: [stage('rem', '22:00', '23:20')],
        },
      }),
      sessionOf('23:00', '06:00', { totals: { totalMinutes: 390, timeInBedMinutes: 9000, efficiencyPercent: 90 } }),
    );
    expect(sleep).toMatchObject({ totalMinutes: 390, timeInBedMinutes: 480, stages: null, durationSeconds: 8 * 3600 });
    expect(sleep.efficiencyPercent).toBe(89.7);
  });

  it('is a nap only when all are, and has no efficiency without a weight', () => {
    const nap = sessionOf('13:00', '13:30', { isNap: true, totals: { efficiencyPercent: 80 } });
    const other = sessionOf('14:00', '14:30', { isNap: true, totals: { timeInBedMinutes: 30 } });
    expect(derive(nap, other)).toMatchObject({ isNap: true, efficiencyPercent: null, timeInBedMinutes: 30 });
    expect(derive(nap, { ...other, isNap: false }).isNap).toBe(false);
  });
});
