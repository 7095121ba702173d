import { describe, expect, it } from '@jest/globals';
import { MINUTE } from '#libs/model';
import { clock, segmentOf } from './fixtures/fragments.js';
import { isClosed, touchedClusters, type StoredFragment } from './fragment-cluster.js';
import { indexOfWindow, joined, type TimeWindow } from './time-window.js';

const GAP = 120 * MINUTE;
const window = (from: string, to: string, sourceId = 's', day = 0): TimeWindow => ({
  sourceId,
  from: clock(from, day),
  to: clock(to, day),
});
const stored = (from: string, to: string, eventId: string | null = null, day = 0, sourceId = 's'): StoredFragment => ({
  sourceId,
  fragment: segmentOf('light', from, to, { eventId, day }),
  event:
    eventId === null
      ? null
      : { id: eventId, startedAt: clock('22:00'), endedAt: clock('06:00'), zoneOffset: null, createdAt: 1 },
});
const sizes = (touched: TimeWindow[], fragments: StoredFragment[]) =>
  touchedClusters(touched, fragments, GAP).map((cluster) => cluster.fragments.length);

describe('touchedClusters', () => {
  it('chains what is within the gap of a touched window, and leaves the rest out', () => {
    const fragments = [
      stored('22:00', '23:00'),
      stored('00:30', '01:00'),
      stored('03:00', '04:00'),
      stored('07:00', '08:00'),
    ];
    expect(sizes([window('22:10', '22:20')], fragments)).toEqual([3]);
    expect(sizes([window('07:00', '07:10')], fragments)).toEqual([1]);
    expect(sizes([window('12:00', '12:10')], fragments)).toEqual([0]);
  });

  it('never chains two sources', () => {
    const fragments = [stored('22:00', '23:00'), stored('22:00', '23:00', null, 0, 't')];
    expect(sizes([window('22:00', '23:00')], fragments)).toEqual([1]);
    expect(sizes([window('22:00', '23:00'), window('22:00', '23:00', 't')], fragments)).toEqual([1, 1]);
  });

  it('reaches as far as the events that the fragments made', () => {
    const fragments = [stored('22:00', '22:10', 'a'), stored('05:00', '06:00')];
    expect(sizes([window('22:00', '22:10')], fragments)).toEqual([2]);
  });

  it('looks at chains together that one event has fragments in', () => {
    const fragments = [
      stored('22:00', '23:00', 'a'),
      stored('22:00', '23:00', 'a', 3),
      stored('22:00', '23:00', 'b', 6),
    ];
    const touched = [window('22:00', '22:10'), window('22:00', '22:10', 's', 3), window('22:00', '22:10', 's', 6)];
    expect(sizes(touched, fragments).sort()).toEqual([1, 2]);
  });
});

describe('isClosed', () => {
  it('asks for more than the gap of air on both sides', () => {
    const clusters = touchedClusters([window('22:00', '23:00')], [], GAP);
    expect(isClosed(clusters, [window('19:59', '01:01')], GAP)).toBe(true);
    expect(isClosed(clusters, [window('20:00', '01:01')], GAP)).toBe(false);
    expect(isClosed(clusters, [window('19:59', '01:00')], GAP)).toBe(false);
    expect(isClosed(clusters, [window('19:59', '01:01', 't')], GAP)).toBe(false);
  });
});

describe('time windows', () => {
  it('join per source in order', () => {
    expect(
      joined([
        window('23:00', '00:00'),
        window('22:00', '23:00'),
        window('22:00', '23:30', 't'),
        window('01:00', '02:00'),
      ]),
    ).toEqual([window('22:00', '00:00'), window('01:00', '02:00'), window('22:00', '23:30', 't')]);
    expect(joined([window('22:00', '23:00'), window('01:00', '02:00')], GAP)).toEqual([window('22:00', '02:00')]);
  });

  it('are found by what they hold', () => {
    const windows = joined([window('22:00', '23:00'), window('01:00', '02:00'), window('22:00', '23:00', 't')]);
    expect(indexOfWindow(windows, 's', clock('23:00'))).toBe(0);
    expect(indexOfWindow(windows, 's', clock('01:30'))).toBe(1);
    expect(indexOfWindow(windows, 't', clock('22:00'))).toBe(2);
    expect(indexOfWindow(windows, 't', clock('01:30'))).toBe(-1);
    expect(indexOfWindow(windows, 's', clock('00:00'))).toBe(-1);
  });
});
