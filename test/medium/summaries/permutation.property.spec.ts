import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { HealthBatch, PointInput, SleepSessionInput, SourceIdentity } from '#libs/model';
import { session, workout } from '../ingest-events/batches.js';
import { type Person, PHONE, sample, time, WATCH, World } from './world.js';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** What one device of one provider delivered at once. */
interface Delivery {
  readonly provider: 'apple' | 'garmin';
  readonly source: SourceIdentity;
  readonly records: Partial<HealthBatch>;
}

const START = Date.parse('2026-03-27T20:00:00Z');
const ZONES = [60, 120, -660, 840, 0];

/** A place in two days around a clock change: the same slot always says the same, whoever delivers it again. */
const at = (slot: number): string => new Date(START + slot * 31 * 60_000).toISOString();

const points = (slots: readonly number[]): PointInput[] =>
  slots.flatMap((slot) => {
    const zone = ZONES[slot % ZONES.length]!;
    return [
      sample('steps', at(slot), 5 + ((slot * 37) % 90), { zone, minutes: 1 + (slot % 70) }),
      sample('heart_rate', at(slot), 60 + ((slot * 29) % 120) + (slot % 8) / 8, { zone }),
      ...(slot % 11 === 0 ? [sample('energy', at(slot), slot / 8, { zone, isDailyTotal: slot % 2 === 0 })] : []),
    ];
  });

const sessions = (slots: readonly number[]): SleepSessionInput[] =>
  slots
    .filter((slot) => slot % 9 === 0)
    .map((slot) =>
      session('22:00', '06:00', {
        startedAt: time(at(slot)),
        endedAt: time(at(slot)) + 4 * 3_600_000_000,
        zoneOffset: ZONES[slot % ZONES.length]!,
        externalId: `s${slot}`,
        isNap: slot % 18 === 0,
        totalMinutes: 200 + slot,
        efficiencyPercent: 50 + (slot % 50),
      }),
    );

const workouts = (slots: readonly number[]): HealthBatch['workouts'] =>
  slots
    .filter((slot) => slot % 13 === 0)
    .map((slot) =>
      workout({
        startedAt: time(at(slot)),
        endedAt: time(at(slot)) + 3_600_000_000,
        zoneOffset: 60,
        externalId: `w${slot}`,
        detail: { totalElevationGain: slot / 10 },
      }),
    );

const delivery: fc.Arbitrary<Delivery> = fc
  .record({
    provider: fc.constantFrom('apple' as const, 'garmin' as const),
    source: fc.constantFrom(WATCH, PHONE),
    slots: fc.uniqueArray(fc.integer({ min: 0, max: 92 }), { minLength: 1, maxLength: 25 }),
  })
  .map(({ provider, source, slots }) => ({
    provider,
    source,
    records: { points: points(slots), sleepSessions: sessions(slots), workouts: workouts(slots) },
  }));

/** Batches in any order, some again, some cut in two anywhere. */
const cases = fc.array(delivery, { minLength: 1, maxLength: 5 }).chain((all) =>
  fc.record({
    all: fc.constant(all),
    order: fc.shuffledSubarray([...all.keys()], { minLength: all.length, maxLength: all.length }),
    again: fc.shuffledSubarray([...all.keys()]),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

const halves = ({ records, ...writer }: Delivery, cut: number): Delivery[] => {
  const part = (isFirst: boolean): Delivery => {
    const of = <T>(items: readonly T[] = []): T[] => {
      const place = Math.round(items.length * cut);
      return isFirst ? items.slice(0, place) : items.slice(place);
    };
    const { sleepSessions, workouts: own } = records;
    return { ...writer, records: { points: of(records.points), sleepSessions: of(sleepSessions), workouts: of(own) } };
  };
  return [part(false), part(true)];
};

const deliver = async (person: Person, deliveries: readonly Delivery[]): Promise<void> => {
  for (const { provider, source, records } of deliveries)
    await person.write(provider, { sources: [source], ...records });
};

/** Ids aside, which are drawn anew. */
const told = async (person: Person): Promise<unknown> => ({
  activity: (await person.activity('2026-03-01', '2026-04-10', { explain: true })).data,
  sleep: (await person.sleep('2026-03-01', '2026-04-10', { explain: true })).data,
});

it('summaries are the same whatever the order, cutting and repetition of the deliveries', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ all, order, again, cut }) => {
      const once = await world.person();
      await deliver(once, all);
      const shuffled = await world.person();
      await deliver(
        shuffled,
        order.flatMap((index) => halves(all[index]!, cut)),
      );
      await deliver(
        shuffled,
        again.map((index) => all[index]!),
      );
      const expected = await told(once);
      expect(await told(shuffled)).toEqual(expected);
      expect(JSON.stringify(expected)).toContain('"steps":');
    }),
    { numRuns: 20 },
  );
});
