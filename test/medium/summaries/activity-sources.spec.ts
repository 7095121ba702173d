import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workout } from '../ingest-events/batches.js';
import { CLOUD, dayTotal, everyMinute, type Person, PHONE, RING, sample, STRAP, time, WATCH, World } from './world.js';

const DAY = '2026-03-04';
const AT = `${DAY}T08:00:00Z`;

let world: World;
let person: Person;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const reasons = async (): Promise<Record<string, unknown>> => {
  const { explain } = await person.day(DAY, { explain: true });
  return Object.fromEntries(
    Object.entries(explain ?? {}).map(([metric, choice]) => [
      metric,
      [choice.source.source, choice.reason, choice.candidates],
    ]),
  );
};

describe('the source of a metric', () => {
  it('of phone, watch and ring with steps is the watch, alone and not summed', async () => {
    person = await world.person();
    await person.write('apple', {
      sources: [PHONE, RING, WATCH],
      points: [
        sample('steps', AT, 900, { from: 0 }),
        sample('steps', AT, 800, { from: 1 }),
        sample('steps', AT, 700, { from: 2 }),
      ],
    });
    expect(await person.day(DAY)).toMatchObject({ steps: 700, source: { source: 'Watch' } });
    expect(await reasons()).toEqual({
      steps: ['Watch', 'device_priority', 3],
      active_minutes: ['Watch', 'device_priority', 3],
    });
  });

  it('differs per metric: a strap without steps never makes the steps 0', async () => {
    person = await world.person();
    await person.write('apple', { sources: [PHONE], points: [sample('steps', AT, 4321)] });
    await person.write('apple', { sources: [WATCH], points: everyMinute('heart_rate', AT, [100, 120]) });
    expect(await person.day(DAY)).toMatchObject({
      source: { source: 'Watch' },
      steps: 4321,
      heart_rate: { avg_bpm: 110 },
    });
    await person.prefers({ deviceType: 'phone' });
    expect(await person.day(DAY)).toMatchObject({
      source: { source: 'Phone' },
      steps: 4321,
      heart_rate: { avg_bpm: 110 },
    });
    await person.write('polar', { sources: [STRAP], points: everyMinute('heart_rate', AT, [90]) });
    await person.prefers({ provider: 'polar' });
    expect(await person.day(DAY)).toMatchObject({ steps: 4321, heart_rate: { avg_bpm: 90, max_bpm: 90, min_bpm: 90 } });
    expect(await reasons()).toMatchObject({
      steps: ['Phone', 'only_source', 1],
      heart_rate: ['Strap', 'user_override', 2],
      intensity_minutes: ['Strap', 'user_override', 2],
    });
  });

  it('is not one with a daily total of zero when another has anything', async () => {
    person = await world.person();
    await person.write('apple', {
      points: [dayTotal('steps', AT, 0), dayTotal('energy', AT, 0), dayTotal('active_time', AT, 0)],
    });
    expect(await person.day(DAY)).toMatchObject({ steps: 0, active_minutes: 0, source: { provider: 'apple' } });
    await person.write('garmin', { sources: [CLOUD], points: [sample('steps', AT, 50), dayTotal('energy', AT, 0)] });
    expect(await person.day(DAY)).toMatchObject({
      steps: 50,
      active_minutes: 1,
      active_calories_kcal: 0,
      source: { provider: 'garmin' },
    });
    expect(await reasons()).toMatchObject({
      steps: ['cloud', 'only_source', 1],
      active_calories: ['Watch', 'provider_priority', 2],
    });
  });

  it('may have counted zero parts: that is data', async () => {
    person = await world.person();
    await person.write('apple', { points: [sample('steps', AT, 0)] });
    await person.write('garmin', { sources: [CLOUD], points: [sample('steps', AT, 50)] });
    expect(await person.day(DAY)).toMatchObject({ steps: 0, source: { provider: 'apple' } });
  });

  it('gives active and sedentary minutes together', async () => {
    person = await world.person();
    await person.write('apple', { points: [dayTotal('active_time', AT, 33)] });
    await person.write('garmin', { sources: [CLOUD], points: everyMinute('steps', AT, [50, 1, 1]) });
    expect(await person.day(DAY)).toMatchObject({ steps: 52, active_minutes: 33, sedentary_minutes: null });
  });

  it('of totals without a model goes with the minutes and workouts of its watch', async () => {
    person = await world.person();
    await person.write('garmin', {
      sources: [CLOUD, WATCH],
      points: [
        dayTotal('steps', AT, 9000, { from: 0 }),
        ...everyMinute('steps', AT, [40, 5], { from: 1 }),
        ...everyMinute('heart_rate', AT, [100, 150], { from: 1 }),
      ],
      workouts: [
        workout({
          sourceIndex: 1,
          startedAt: time(AT),
          endedAt: time(`${DAY}T09:00:00Z`),
          detail: { totalElevationGain: 30 },
        }),
      ],
    });
    // 190 bpm: light to 119, vigorous above 144.
    expect(await person.day(DAY)).toMatchObject({
      active_minutes: 1,
      sedentary_minutes: 1,
      intensity_minutes: { light: 1, moderate: 0, vigorous: 1 },
      elevation_meters: 30,
      floors_climbed: 10,
    });
    await world.db.query(`UPDATE data_source SET device_type = 'scale' WHERE user_key = $1 AND source = 'Watch'`, [
      person.user.key,
    ]);
    await world.db.query(`UPDATE data_source SET device_type = 'watch' WHERE user_key = $1 AND source = 'cloud'`, [
      person.user.key,
    ]);
    expect(await person.day(DAY)).toMatchObject({
      source: { source: 'cloud', device: null },
      steps: 9000,
      active_minutes: 1,
      intensity_minutes: { light: 1, moderate: 0, vigorous: 1 },
      elevation_meters: 30,
    });
  });

  it('may be another one every day', async () => {
    person = await world.person();
    await person.write('apple', { points: [sample('steps', '2026-03-05T08:00:00Z', 5)] });
    await person.write('garmin', {
      sources: [CLOUD],
      points: [sample('steps', '2026-03-04T08:00:00Z', 4), sample('steps', '2026-03-05T08:00:00Z', 9)],
    });
    const { data } = await person.activity('2026-03-01', '2026-03-10');
    expect(data.map((day) => [day.source.provider, day.steps])).toEqual([
      ['garmin', 4],
      ['apple', 5],
    ]);
  });
});

describe('the order of sources', () => {
  const twoProviders = async (): Promise<void> => {
    person = await world.person();
    await person.write('garmin', { sources: [WATCH], points: [sample('steps', AT, 2)] });
    await person.write('oura', { sources: [RING], points: [sample('steps', AT, 9)] });
  };

  it('follows the user before anything else, entry by entry', async () => {
    await twoProviders();
    expect(await reasons()).toMatchObject({ steps: ['Watch', 'provider_priority', 2] });
    await person.prefers({ provider: 'oura' });
    expect(await reasons()).toMatchObject({ steps: ['Ring', 'user_override', 2] });
    await person.prefers({ deviceType: 'watch' }, { provider: 'oura' });
    expect(await reasons()).toMatchObject({ steps: ['Watch', 'user_override', 2] });
    await person.prefers({ provider: 'oura', deviceType: 'watch' });
    expect(await reasons()).toMatchObject({ steps: ['Watch', 'provider_priority', 2] });
  });

  it('follows the priorities as they are now; equal ones go by provider code', async () => {
    await twoProviders();
    const set = (provider: string, priority: number) =>
      world.db.query('UPDATE provider_priority SET priority = $2 WHERE provider = $1', [provider, priority]);
    await set('oura', 1);
    expect(await reasons()).toMatchObject({ steps: ['Ring', 'provider_priority', 2] });
    await set('garmin', 1);
    expect(await reasons()).toMatchObject({ steps: ['Watch', 'tie_break', 2] });
    await set('garmin', 2);
    await set('oura', 9);
  });

  it('ends with the source itself, so that it never wavers', async () => {
    person = await world.person();
    await person.write('apple', {
      sources: [WATCH, { ...WATCH, source: 'Other watch' }],
      points: [sample('steps', AT, 1, { from: 0 }), sample('steps', AT, 2, { from: 1 })],
    });
    const [first] = await world.db.query<{ source: string }>(
      'SELECT source FROM data_source WHERE user_key = $1 ORDER BY id LIMIT 1',
      [person.user.key],
    );
    expect(await reasons()).toMatchObject({ steps: [first!.source, 'tie_break', 2] });
  });

  it('puts what no device is known of last', async () => {
    person = await world.person();
    await person.write('apple', {
      sources: [CLOUD, PHONE],
      points: [sample('steps', AT, 1, { from: 0 }), sample('steps', AT, 2, { from: 1 })],
    });
    expect(await reasons()).toMatchObject({ steps: ['Phone', 'device_priority', 2] });
  });

  it('is of one user alone', async () => {
    await twoProviders();
    await person.prefers({ provider: 'oura' });
    await twoProviders();
    expect((await person.day(DAY)).steps).toBe(2);
  });
});
