import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { session, workout } from '../ingest-events/batches.js';
import { dayTotal, everyMinute, type Person, PHONE, sample, time, WATCH, World } from './world.js';

const DAY = '2026-03-04';

let world: World;
let person: Person;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const written = async (...points: ReturnType<typeof sample>[]) => {
  person = await world.person();
  await person.write('apple', { points });
  return person.day(DAY);
};

describe('totals of a day', () => {
  it('add up the parts, without their fractions where the wire counts', async () => {
    const day = await written(
      sample('steps', `${DAY}T08:00:00Z`, 100.6),
      sample('steps', `${DAY}T09:00:00Z`, 200.7),
      sample('energy', `${DAY}T08:00:00Z`, 10.25),
      sample('energy', `${DAY}T09:00:00Z`, 20.5),
      sample('basal_energy', `${DAY}T08:00:00Z`, 70),
      sample('distance_walking_running', `${DAY}T08:00:00Z`, 512.5),
      sample('flights_climbed', `${DAY}T08:00:00Z`, 3),
      sample('active_time', `${DAY}T08:00:00Z`, 12.5),
    );
    expect(day).toEqual({
      date: DAY,
      source: {
        provider: 'apple',
        source: 'Watch',
        device: 'Watch7,1',
        device_type: 'watch',
        device_name: expect.any(String),
      },
      steps: 301,
      distance_meters: 512.5,
      floors_climbed: 3,
      elevation_meters: null,
      active_calories_kcal: 30.75,
      total_calories_kcal: 100.75,
      active_minutes: 12,
      sedentary_minutes: 1 + 1 - 2,
      intensity_minutes: null,
      heart_rate: null,
    });
  });

  it('are the daily total and not the parts beside it, whichever is larger', async () => {
    const day = await written(
      dayTotal('steps', `${DAY}T00:00:00Z`, 8000),
      ...everyMinute('steps', `${DAY}T08:00:00Z`, [5000, 4000]),
      dayTotal('energy', `${DAY}T00:00:00Z`, 300),
      sample('energy', `${DAY}T08:00:00Z`, 20),
    );
    expect([day.steps, day.active_calories_kcal, day.total_calories_kcal]).toEqual([8000, 300, 300]);
    const none = await written(dayTotal('steps', `${DAY}T00:00:00Z`, 0), sample('steps', `${DAY}T08:00:00Z`, 50));
    expect(none.steps).toBe(0);
    // Minutes come from the parts all the same.
    expect([day.active_minutes, day.sedentary_minutes]).toEqual([2, 0]);
  });

  it('of distance, floors and time are daily totals, too, and never take those of workouts in', async () => {
    person = await world.person();
    await person.write('apple', {
      points: [
        dayTotal('distance_walking_running', `${DAY}T00:00:00Z`, 6100.5),
        sample('distance_walking_running', `${DAY}T08:00:00Z`, 9000),
        dayTotal('flights_climbed', `${DAY}T00:00:00Z`, 7.9),
        sample('flights_climbed', `${DAY}T08:00:00Z`, 20),
        dayTotal('basal_energy', `${DAY}T00:00:00Z`, 1500.5),
        sample('basal_energy', `${DAY}T08:00:00Z`, 70),
      ],
      workouts: [
        workout({
          startedAt: time(`${DAY}T10:00:00Z`),
          endedAt: time(`${DAY}T11:00:00Z`),
          detail: { distance: 5000, energyBurned: 400 },
        }),
      ],
    });
    expect(await person.day(DAY)).toMatchObject({
      distance_meters: 6100.5,
      floors_climbed: 7,
      active_calories_kcal: 0,
      total_calories_kcal: 1500.5,
    });
  });

  it('are added up where several daily totals fall on one date', async () => {
    const day = await written(dayTotal('steps', `${DAY}T00:00:00Z`, 10), dayTotal('steps', `${DAY}T12:00:00Z`, 5));
    expect(day.steps).toBe(15);
  });

  it('of nothing known are 0 for steps and calories and null for the rest', async () => {
    const day = await written(sample('heart_rate', `${DAY}T08:00:00Z`, 72));
    expect(day).toMatchObject({
      steps: 0,
      active_calories_kcal: 0,
      total_calories_kcal: 0,
      distance_meters: null,
      floors_climbed: null,
      active_minutes: null,
      sedentary_minutes: null,
    });
  });
});

describe('heart rate of a day', () => {
  it.each([
    [[72, 73], 72],
    [[73, 74], 74],
    [[70, 71, 71], 71],
  ])('%j averages to %d, halves to even', async (values, average) => {
    const day = await written(...everyMinute('heart_rate', `${DAY}T08:00:00Z`, values));
    expect(day.heart_rate).toEqual({ avg_bpm: average, max_bpm: Math.max(...values), min_bpm: values[0] });
  });

  it('cuts the fractions of the extremes', async () => {
    const day = await written(...everyMinute('heart_rate', `${DAY}T08:00:00Z`, [60.9, 99.9]));
    expect(day.heart_rate).toEqual({ avg_bpm: 80, max_bpm: 99, min_bpm: 60 });
  });
});

describe('active and sedentary minutes', () => {
  it('split the tracked minutes at 30 steps', async () => {
    const day = await written(...everyMinute('steps', `${DAY}T08:00:00Z`, [29, 30, 31, 0]));
    expect([day.active_minutes, day.sedentary_minutes]).toEqual([2, 2]);
  });

  it('add up the samples of one minute', async () => {
    const day = await written(sample('steps', `${DAY}T08:00:05Z`, 20), sample('steps', `${DAY}T08:00:40Z`, 10));
    expect([day.active_minutes, day.sedentary_minutes]).toEqual([1, 0]);
  });

  it('spread a long sample evenly over its minutes', async () => {
    const day = await written(
      sample('steps', `${DAY}T08:00:00Z`, 300, { minutes: 10 }),
      sample('steps', `${DAY}T09:00:00Z`, 290, { minutes: 10 }),
    );
    expect([day.active_minutes, day.sedentary_minutes]).toEqual([10, 10]);
  });

  it('count every minute that a sample touches, its first and last in part', async () => {
    // 08:00:30 to 08:10:30 touches eleven minutes: 330 steps are 30 in each, 319 are 29.
    const day = await written(
      sample('steps', `${DAY}T08:00:30Z`, 330, { minutes: 10 }),
      sample('steps', `${DAY}T09:00:30Z`, 319, { minutes: 10 }),
      // One more in a minute that has 29 already.
      sample('steps', `${DAY}T09:10:59Z`, 1),
    );
    expect([day.steps, day.active_minutes, day.sedentary_minutes]).toEqual([650, 12, 10]);
  });

  it('take a sample of 60 minutes and leave out a longer one', async () => {
    const day = await written(
      sample('steps', `${DAY}T08:00:00Z`, 1800, { minutes: 60 }),
      sample('steps', `${DAY}T10:00:00Z`, 9000, { minutes: 61 }),
    );
    expect([day.steps, day.active_minutes, day.sedentary_minutes]).toEqual([10_800, 60, 0]);
  });

  it('are not known where every sample is too long', async () => {
    const day = await written(sample('steps', `${DAY}T08:00:00Z`, 9000, { minutes: 120 }));
    expect([day.steps, day.active_minutes, day.sedentary_minutes]).toEqual([9000, null, null]);
  });

  it('prefer the active time that was measured', async () => {
    const day = await written(
      dayTotal('active_time', `${DAY}T00:00:00Z`, 45.9),
      ...everyMinute('steps', `${DAY}T08:00:00Z`, [50, 5]),
    );
    expect([day.active_minutes, day.sedentary_minutes]).toEqual([45, 1]);
  });
});

describe('intensity minutes', () => {
  /** Bounds for 190: 95, 119, 144. */
  it('sort minutes by their average, without an upper end', async () => {
    const values = [94, 95, 119, 120, 144, 145, 176, 177, 200];
    const day = await written(...everyMinute('heart_rate', `${DAY}T08:00:00Z`, values));
    expect(day.intensity_minutes).toEqual({ light: 2, moderate: 2, vigorous: 4 });
  });

  it('look at the average of a minute and its fraction', async () => {
    const day = await written(
      sample('heart_rate', `${DAY}T08:00:01Z`, 119),
      sample('heart_rate', `${DAY}T08:00:31Z`, 120),
      sample('heart_rate', `${DAY}T08:01:01Z`, 94),
      sample('heart_rate', `${DAY}T08:01:31Z`, 95),
    );
    expect(day.intensity_minutes).toEqual({ light: 0, moderate: 1, vigorous: 0 });
  });

  it.each([
    // 220 - 40 = 180: 90, 113, 136.
    ['1986-03-01', { light: 2, moderate: 1, vigorous: 2 }],
    // A day before the fortieth birthday, so 181: 90, 114, 137.
    ['1986-03-05', { light: 3, moderate: 1, vigorous: 1 }],
    // 130 years old: not below 100, so 50, 63, 76.
    ['1896-01-01', { light: 0, moderate: 0, vigorous: 5 }],
    // Not born yet: as unknown, 190.
    ['2030-01-01', { light: 2, moderate: 2, vigorous: 0 }],
  ])('of someone born on %s follow the age on the first day asked for', async (birthDate, minutes) => {
    person = await world.person({ birthDate });
    await person.write('apple', { points: everyMinute('heart_rate', `${DAY}T08:00:00Z`, [90, 113, 114, 136.5, 138]) });
    expect((await person.day(DAY)).intensity_minutes).toEqual(minutes);
  });
});

describe('elevation and floors', () => {
  const climbing = (meters: number, id: string) =>
    workout({
      externalId: id,
      zoneOffset: null,
      startedAt: time('2026-03-03T23:00:00Z'),
      endedAt: time(`${DAY}T0${id}:00:00Z`),
      detail: { totalElevationGain: meters },
    });

  it('come from the workouts that ended on the date; three meters make a floor', async () => {
    person = await world.person();
    await person.write('apple', {
      points: [sample('steps', `${DAY}T08:00:00Z`, 100)],
      workouts: [climbing(20.5, '1'), climbing(9, '2')],
    });
    expect(await person.day(DAY)).toMatchObject({ elevation_meters: 29.5, floors_climbed: 9 });
  });

  it('floors that were counted beat those computed', async () => {
    person = await world.person();
    await person.write('apple', {
      points: [sample('flights_climbed', `${DAY}T08:00:00Z`, 4)],
      workouts: [climbing(30, '1')],
    });
    expect(await person.day(DAY)).toMatchObject({ elevation_meters: 30, floors_climbed: 4 });
  });

  it('no floor comes from no climb', async () => {
    person = await world.person();
    await person.write('apple', { points: [sample('steps', `${DAY}T08:00:00Z`, 1)], workouts: [climbing(0, '1')] });
    expect(await person.day(DAY)).toMatchObject({ elevation_meters: 0, floors_climbed: null });
  });

  it('of a service that records nothing but workouts count too', async () => {
    person = await world.person();
    await person.write('apple', { points: [sample('steps', `${DAY}T08:00:00Z`, 100)] });
    await person.write('strava', { sources: [PHONE], workouts: [climbing(90, '1')] });
    const day = await person.day(DAY, { explain: true });
    expect(day).toMatchObject({ source: { provider: 'apple' }, elevation_meters: 90, floors_climbed: 30 });
    expect(day.explain?.['elevation']).toMatchObject({ source: { provider: 'strava' }, reason: 'only_source' });
  });

  it('count on the local date on which the workout ends', async () => {
    person = await world.person();
    await person.write('apple', {
      points: [sample('steps', `${DAY}T08:00:00Z`, 1), sample('steps', '2026-03-05T08:00:00Z', 1)],
      // Until 01:00 of the next day in Berlin.
      workouts: [
        workout({
          zoneOffset: 60,
          startedAt: time(`${DAY}T22:00:00Z`),
          endedAt: time('2026-03-05T00:00:00Z'),
          detail: { totalElevationGain: 12 },
        }),
      ],
    });
    const { data } = await person.activity(DAY, '2026-03-06');
    expect(data.map((day) => [day.elevation_meters, day.floors_climbed])).toEqual([
      [null, null],
      [12, 4],
    ]);
  });

  it('a day of workouts, sleep or other series alone is no day of activity', async () => {
    person = await world.person();
    await person.write('apple', {
      sources: [WATCH],
      workouts: [climbing(90, '1')],
      sleepSessions: [session('22:00', '06:00', { night: '2026-03-05' })],
      points: [sample('weight', '2026-03-07T08:00:00Z', 80)],
    });
    expect((await person.activity('2026-03-01', '2026-03-10')).data).toEqual([]);
  });
});
