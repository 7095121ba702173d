import { describe, expect, it } from '@jest/globals';
import { MAX_INSTANT, parseIsoInstant, type HealthBatch, type JsonValue } from '#libs/model';
import { atPath, isJsonObject, mapRecords, type CloudResource, type MappingFacts } from '#libs/providers/kit';
import { PROFILES } from './profiles.js';
import { CLOUD_STRATEGIES } from './providers.js';
import { readSamples } from './sample-case.js';

const facts: MappingFacts = {
  now: parseIsoInstant('2026-03-10T18:00:00Z')!,
  environment: {
    clientId: null,
    clientSecret: null,
    webhookSecret: null,
    subscriptionIds: [],
    granularity: 'raw',
    setting: () => null,
  },
};

const RUBBISH: readonly JsonValue[] = [
  null,
  '',
  'x',
  '🛌\u0000\ud800',
  -1,
  0.5,
  1e308,
  Infinity,
  true,
  [],
  {},
  [null, 7, {}],
  '9999-12-31T23:59:59Z',
  '2026-02-30T00:00:00+99:99',
  '__proto__',
];

interface Variant {
  readonly value: JsonValue;
  /** What was broken: dotted, `*` for a place in a list. */
  readonly path: string;
}

/** The value with each part of it left out, and replaced by each kind of rubbish. */
function* variants(value: JsonValue, path = ''): Generator<Variant> {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    for (const [index, item] of items.slice(0, 4).entries()) {
      for (const variant of inside(item, below('*'))) {
        yield { ...variant, value: items.map((other, place) => (place === index ? variant.value : other)) };
      }
    }
  } else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const { [name]: _, ...rest } = value;
      yield { value: rest, path: below(name) };
      for (const variant of inside(item, below(name))) {
        yield { ...variant, value: { ...value, [name]: variant.value } };
      }
    }
  }
}

function* inside(item: JsonValue, path: string): Generator<Variant> {
  for (const value of RUBBISH) yield { value, path };
  if (typeof item === 'object' && item !== null) yield* variants(item, path);
}

/** Whether there is something to be told of: a value of the wrong kind, not a missing one or what may be an empty list. */
function isTold(path: string, record: JsonValue): boolean {
  const found = path === '' || path.includes('*') ? null : (atPath(record, path) ?? null);
  return found !== null && found !== '' && typeof found !== 'object';
}

/** Everything in an answer that could be a record, and a thing that is none. */
function recordsIn(answer: JsonValue): readonly JsonValue[] {
  if (Array.isArray(answer)) return answer as readonly JsonValue[];
  if (!isJsonObject(answer)) return [answer];
  return [answer, ...Object.values(answer).flatMap((value) => (Array.isArray(value) ? (value as JsonValue[]) : []))];
}

const isInstant = (at: number): boolean => Number.isSafeInteger(at) && Math.abs(at) <= MAX_INSTANT;
const isOffset = (minutes: number | null): boolean =>
  minutes === null || (Number.isInteger(minutes) && Math.abs(minutes) <= 18 * 60);
const isCount = (count: number | null): boolean => count === null || (Number.isInteger(count) && count >= 0);

const NO_NUMBER = 'no number';
const noNumber = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? NO_NUMBER : value;

/** What of a batch could not be stored. */
function faultsOf({ points, workouts, sleepSessions, scores }: HealthBatch): readonly unknown[] {
  return [
    ...points.filter(
      ({ recordedAt, value, zoneOffset }) => !isInstant(recordedAt) || !Number.isFinite(value) || !isOffset(zoneOffset),
    ),
    ...[...workouts, ...sleepSessions].filter(
      ({ startedAt, endedAt, durationSeconds, zoneOffset }) =>
        !isInstant(startedAt) || !isInstant(endedAt) || !isCount(durationSeconds) || !isOffset(zoneOffset),
    ),
    ...sleepSessions.filter(({ stages }) =>
      (stages ?? []).some(
        ({ startedAt, endedAt }) => !isInstant(startedAt) || !isInstant(endedAt) || endedAt <= startedAt,
      ),
    ),
    ...[
      ...workouts.map(({ detail }) => detail),
      ...sleepSessions,
      ...scores.map(({ components }) => ({ components })),
    ].filter((numbers) => JSON.stringify(numbers, noNumber).includes(NO_NUMBER)),
    ...scores.filter(
      ({ recordedAt, value, zoneOffset }) =>
        !isInstant(recordedAt) || (value !== null && !Number.isFinite(value)) || !isOffset(zoneOffset),
    ),
  ];
}

const saysSomething = ({ points, workouts, sleepSessions, scores }: HealthBatch): boolean =>
  points.length + workouts.length + sleepSessions.length + scores.length > 0;

describe.each(CLOUD_STRATEGIES.map((strategy) => [strategy.code, strategy] as const))('%s', (code, { cloud }) => {
  const answers = readSamples(code).cases.flatMap(({ calls }) => calls.map(({ answer }) => answer));
  const map = (resource: CloudResource, record: JsonValue) => mapRecords(code, resource, [record], facts);
  const samples = [...new Map(answers.flatMap(recordsIn).map((record) => [JSON.stringify(record), record])).values()];

  it.each(cloud.resources.map((resource) => [resource.name, resource] as const))(
    '%s: whatever a record says, it is mapped to what can be stored or reported with a reason; few fields cost all of it',
    (name, resource: CloudResource) => {
      const dates = new Set<string>();
      /** Whether something of the record is left. */
      const survives = ({ value: record, path }: Variant): boolean => {
        const { batch, problems } = map(resource, record);
        const isLost = !saysSomething(batch);
        if (isLost && isTold(path, record) && problems.length === 0) expect({ record, path }).toBeNull();
        // This is what is said of a mapper that stumbled.
        const hasStumbled = problems.some(({ message }) => message === 'could not be read');
        const faults = faultsOf(batch);
        if (hasStumbled || faults.length > 0) expect({ record, hasStumbled, faults }).toBeNull();
        datesOf(resource, record).forEach((date) => dates.add(date));
        return !isLost;
      };
      for (const value of [...RUBBISH, ...samples]) survives({ value, path: '' });
      // Only what says something to this resource is worth being broken piece by piece.
      const own = samples.filter((sample) => saysSomething(map(resource, sample).batch));
      const costly = own.map((sample) => [...variants(sample)].flatMap((one) => (survives(one) ? [] : [one.path])));
      const needed = new Set(costly[0]?.filter((path) => costly.every((paths) => paths.includes(path))));
      for (const date of dates) expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect([...needed].sort()).toEqual(PROFILES[code]?.needed[name] ?? []);
    },
  );
});

/** The platform takes a record whose dates cannot be read for one without. */
function datesOf({ localDates }: CloudResource, record: JsonValue): readonly string[] {
  try {
    return localDates?.(record) ?? [];
  } catch {
    return [];
  }
}
