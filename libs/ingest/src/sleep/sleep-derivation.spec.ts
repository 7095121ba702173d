import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredSleep } from './event-assignment.js';
import { clock, segmentOf, sessionOf, span } from './fixtures/fragments.js';
import type { SleepFragment } from './fragment.js';
import { planCluster } from './sleep-derivation.js';

let made = 0;
const newId = (): string => `new-${++made}`;
const stored = (id: string, from: string, to: string, createdAt = 1): readonly [string, StoredSleep] => [
  id,
  { id, startedAt: clock(from), endedAt: clock(to), zoneOffset: null, createdAt },
];
const plan = (fragments: SleepFragment[], events: ReturnType<typeof stored>[] = [], gapMinutes = 120) =>
  planCluster({ sourceId: 's', windows: [], fragments, events: new Map(events) }, gapMinutes, newId);

describe('planCluster', () => {
  it('moves nothing when the fragments have their event already', () => {
    const fragments = [
      segmentOf('light', '22:00', '02:00', { eventId: 'a' }),
      segmentOf('deep', '02:00', '06:00', { eventId: 'a' }),
    ];
    const result = plan(fragments, [stored('a', '22:00', '06:00')]);
    expect(result.moves).toEqual([]);
    expect([...result.gone]).toEqual([]);
    expect(result.events).toMatchObject([
      { eventId: 'a', fields: { category: 'sleep', type: 'sleep_session', sourceName: 'unknown' } },
    ]);
  });

  it('names the heir of an event that was absorbed, and none where the fragments make no sleep any more', () => {
    const fragments = [
      segmentOf('light', '22:00', '00:00', { eventId: 'a' }),
      segmentOf('light', '01:00', '06:00', { eventId: 'b' }),
    ];
    const merged = plan(fragments, [stored('a', '22:00', '00:00'), stored('b', '01:00', '06:00', 2)]);
    expect([...merged.gone]).toEqual([['b', 'a']]);
    expect(merged.moves).toEqual([{ fragmentId: fragments[1]!.id, eventId: 'a' }]);
    const awake = segmentOf('awake', '22:00', '00:00', { eventId: 'a' });
    const vanished = plan([awake], [stored('a', '22:00', '00:00')]);
    expect([...vanished.gone]).toEqual([['a', null]]);
    expect(vanished.moves).toEqual([{ fragmentId: awake.id, eventId: null }]);
  });

  it.each([
    ['the night the clocks go forward at +01:00', 60, '23:30', '05:00', '2026-03-02'],
    ['a traveller whose first known offset is +14:00', 840, '08:00', '09:59', '2026-03-02'],
    ['the same an instant before the local midnight at -11:00', -660, '08:00', '10:59', '2026-03-01'],
    ['ending at the local midnight at -11:00', -660, '08:00', '11:00', '2026-03-02'],
  ])('dates a session by its end: %s', (_, zoneOffset, from, to, date) => {
    const fragments = [segmentOf('in_bed', from, to), segmentOf('light', from, to, { zoneOffset })];
    expect(plan(fragments).events[0]?.fields).toMatchObject({ localDate: date, zoneOffset });
  });

  it('keeps night and nap apart and scores segments alone', () => {
    const result = plan([
      sessionOf('22:00', '06:00', { externalId: 'n' }),
      sessionOf('07:00', '07:30', { isNap: true, externalId: 'p' }),
      segmentOf('light', '22:00', '05:00', { score: 90 }),
    ]);
    const found = result.events.map((event) => `${span(event.fields)} ${event.sleep.isNap} ${event.segmentScore}`);
    expect(found.sort()).toEqual(['07:00-07:30 true undefined', '22:00-05:00 false 90', '22:00-06:00 false undefined']);
  });

  it('comes to rest: what one plan stores, the next finds in order', () => {
    const anyFragments = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 2000 }),
        length: fc.integer({ min: 1, max: 300 }),
        former: fc.constantFrom(null, 'a', 'b', 'c'),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(anyFragments, (input) => {
        const fragments: SleepFragment[] = input.map(({ at, length, former }) => {
          const base = segmentOf('light', '12:00', '12:01', { eventId: former });
          const startedAt = base.startedAt + at * 60_000_000;
          return { ...base, startedAt, endedAt: startedAt + length * 60_000_000 };
        });
        const first = plan(fragments, [
          stored('a', '13:00', '15:00'),
          stored('b', '20:00', '23:00', 2),
          stored('c', '04:00', '06:00', 3),
        ]);
        const moved = new Map(first.moves.map(({ fragmentId, eventId }) => [fragmentId, eventId]));
        const events = first.events.map(
          ({ eventId, fields }) =>
            [
              eventId,
              {
                id: eventId,
                startedAt: fields.startedAt,
                endedAt: fields.endedAt,
                zoneOffset: fields.zoneOffset,
                createdAt: 9,
              },
            ] as const,
        );
        const again = plan(
          fragments.map((fragment) =>
            moved.has(fragment.id) ? { ...fragment, eventId: moved.get(fragment.id)! } : fragment,
          ),
          events,
        );
        expect(new Set(first.events.map(({ eventId }) => eventId)).size).toBe(first.events.length);
        expect(again.moves).toEqual([]);
        expect(again.gone.size).toBe(0);
        expect(again.events).toEqual(first.events);
      }),
      { numRuns: 300 },
    );
  });
});
