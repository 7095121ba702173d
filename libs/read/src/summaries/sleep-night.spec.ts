import { describe, expect, it } from '@jest/globals';
import type { RankedSource } from './ranked-sources.js';
import { type SleepEventRow, sleepNight } from './sleep-night.js';

const ring: RankedSource = {
  sourceId: 'ring',
  provider: 'oura',
  source: 'oura',
  deviceModel: null,
  deviceType: null,
  position: 1,
  ownRank: null,
  providerRank: 9,
  deviceRank: 99,
};

const event = (overrides: Partial<SleepEventRow>): SleepEventRow => ({
  id: 'b',
  source_id: 'ring',
  local_date: '2026-03-04',
  started_at: '2026-03-03T22:00:00Z',
  ended_at: '2026-03-04T06:00:00Z',
  zone_offset: null,
  duration_seconds: 3600,
  total_minutes: null,
  time_in_bed_minutes: null,
  efficiency_percent: null,
  deep_minutes: null,
  rem_minutes: null,
  light_minutes: null,
  awake_minutes: null,
  is_nap: false,
  ...overrides,
});

const night = (...events: Partial<SleepEventRow>[]) => sleepNight(events.map(event), new Map([['ring', ring]]))!;

describe('the night of', () => {
  it.each([
    ['the stages, in seconds', [{ total_minutes: 30.5 }, { total_minutes: 10 }], 2430],
    ['the length where no stages are known', [{ total_minutes: 30 }, { duration_seconds: 600 }], 2400],
    ['nothing where neither is', [{ duration_seconds: null }], 0],
    ['no nap', [{ total_minutes: 30 }, { is_nap: true, total_minutes: 99 }], 1800],
    ['what may be a nap or not', [{ is_nap: null, total_minutes: 30 }], 1800],
  ] as const)('%s', (_, events, seconds) => expect(night(...events).mainSeconds).toBe(seconds));

  it.each([
    // (80 x 3600 + 90 x 1200) / 4800
    ['weighs by length', [{ efficiency_percent: 80 }, { efficiency_percent: 90, duration_seconds: 1200 }], 82.5],
    ['leaves out who has none', [{ efficiency_percent: 80 }, { duration_seconds: 99_999 }], 80],
    ['counts a zero', [{ efficiency_percent: 80 }, { efficiency_percent: 0 }], 40],
    ['is null without lengths', [{ efficiency_percent: 80, duration_seconds: null }], null],
    ['is null for naps alone', [{ efficiency_percent: 80, is_nap: true }], null],
    ['is at most 100', [{ efficiency_percent: 104 }], 100],
  ] as const)('its efficiency %s', (_, events, percent) => expect(night(...events).efficiencyPercent).toBe(percent));

  it.each([
    ['none', [{}], 0, 0],
    ['nobody knows', [{ is_nap: null }, { is_nap: null }], null, 0],
    ['one of unknown length', [{}, { is_nap: true, duration_seconds: null }], 1, null],
    ['two, one of unknown length', [{ is_nap: true, duration_seconds: null }, { is_nap: true }], 2, 60],
    ['89 s twice, cut after adding', [1, 2].map(() => ({ is_nap: true, duration_seconds: 89 })), 2, 2],
  ] as const)('naps: %s', (_, events, count, minutes) => {
    const { napCount, napMinutes } = night(...events);
    expect([napCount, napMinutes]).toEqual([count, minutes]);
  });

  it('adds up what is known of stages and bed, and knows none where nothing is', () => {
    expect(night({}, {})).toMatchObject({ stages: null, timeInBedMinutes: null });
    expect(
      night(
        { deep_minutes: 10, time_in_bed_minutes: 70 },
        { deep_minutes: 5, awake_minutes: 0 },
        { is_nap: true, rem_minutes: 9 },
      ),
    ).toMatchObject({ stages: { awake: 0, light: null, deep: 15, rem: null }, timeInBedMinutes: 70 });
  });

  it('is named by its smallest id and shown with the times of its longest part, the earliest of equals', () => {
    const { recordId, longest } = night(
      { id: 'c', duration_seconds: null },
      { id: 'b', duration_seconds: 100 },
      { id: 'a', duration_seconds: 100 },
      { id: '0', is_nap: true, duration_seconds: 9000 },
    );
    expect([recordId, longest?.id]).toEqual(['0', 'b']);
  });

  it('is none of a source that is not known any more', () =>
    expect(sleepNight([event({ source_id: 'gone' })], new Map([['ring', ring]]))).toBeNull());
});
