import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { MINUTE, SECOND, seriesTypeByCode, type PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';
import { stateOf } from './derived-state.js';
import { expectedRollups } from './expected-rollups.js';

jest.setTimeout(120_000);

let test: TestDatabase;
const writer = new HealthWriter();

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const START = at('2026-03-28T20:00:00Z');

/**
 * Samples within two days, around a clock change and local midnights. Two of equal start say the same, or are
 * different samples of a summed series with different ends: then their order must not matter.
 */
const samples: fc.Arbitrary<PointInput> = fc
  .record({
    minute: fc.integer({ min: 0, max: 90 }),
    kind: fc.constantFrom('heart_rate', 'steps', 'steps_total', 'weight'),
    sourceIndex: fc.integer({ min: 0, max: 1 }),
    length: fc.integer({ min: 1, max: 90 }),
  })
  .map(({ minute, kind, sourceIndex, length }) => {
    const recordedAt = START + Math.floor(minute / 3) * 93 * MINUTE + (minute % 3) * 20 * SECOND + (minute % 2);
    const zoneOffset = [null, 60, 120, -660, 840][minute % 5]!;
    const common = { sourceIndex, zoneOffset, value: 10 + ((minute * 37) % 60) + (minute % 16) / 8 };
    if (kind !== 'steps') {
      const isDailyTotal = kind === 'steps_total';
      return point(recordedAt, { ...common, series: isDailyTotal ? 'steps' : kind, isDailyTotal });
    }
    const ended = { endedAt: recordedAt + length * MINUTE, externalId: `sample of ${length}` };
    return point(recordedAt, { ...common, series: 'steps', value: length * 7, ...ended });
  });

/** The samples in any order and with repetitions, cut into batches anywhere. */
const deliveries = fc.array(samples, { minLength: 1, maxLength: 120 }).chain((all) =>
  fc.record({
    all: fc.constant(all),
    order: fc.shuffledSubarray([...all.keys()], { minLength: all.length, maxLength: all.length }),
    repeated: fc.shuffledSubarray([...all.keys()]),
    cuts: fc.array(fc.integer({ min: 0, max: all.length * 2 }), { maxLength: 6 }),
  }),
);

it('ends in one state whatever the order, cutting and repetition of the deliveries', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ all, order, repeated, cuts }) => {
      const once = await given(test.db).user();
      await writer.write(test.db, once, batchOf(all), { now: NOW });

      const shuffled = await given(test.db).user();
      const stream = [...order, ...repeated].map((i) => all[i]!);
      const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
      for (let i = 1; i < edges.length; i++) {
        await writer.write(test.db, shuffled, batchOf(stream.slice(edges[i - 1], edges[i])), { now: NOW });
      }
      const state = await stateOf(test.db, shuffled);
      expect(state).toEqual(await stateOf(test.db, once));
      expect(state['rollups']).toEqual(expectedOf(all));
    }),
    { numRuns: 25 },
  );
  expect((await verifyRollups(test.db)).differences).toEqual([]);
});

/** The rollups of all streams of the samples: of samples with equal start the one that ends last stays. */
function expectedOf(all: readonly PointInput[]): unknown[] {
  const streams = new Map<string, Map<number, PointInput>>();
  for (const sample of all) {
    const model = batchOf([]).sources[sample.sourceIndex]!.deviceModel!;
    const name = `${model}/${seriesTypeByCode(sample.series)!.id}/${sample.isDailyTotal ? 't' : 'f'}`;
    const stream = streams.get(name) ?? new Map<number, PointInput>();
    const present = stream.get(sample.recordedAt);
    if ((present?.endedAt ?? 0) <= (sample.endedAt ?? 0)) stream.set(sample.recordedAt, sample);
    streams.set(name, stream);
  }
  return [...streams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([stream, points]) =>
      expectedRollups([...points.values()]).map((rollup) => ({ stream, ...rollup, archived: false })),
    );
}
