import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CLOUD, type Person, PHONE, RING, sample, time, WATCH, World } from './world.js';

const NOW = '2026-03-10T12:00:00Z';

let world: World;
let person: Person;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  person = await world.person();
});

const write = (...points: ReturnType<typeof sample>[]): Promise<void> => person.write('apple', { points }, time(NOW));

describe('slow-changing values', () => {
  it('are the newest before now, however old, over all sources', async () => {
    await write(
      sample('weight', '2026-03-09T07:00:00Z', 80.5),
      sample('weight', '2026-03-08T07:00:00Z', 81),
      sample('height', '2020-01-01T07:00:00Z', 180),
      sample('body_fat_percentage', '2026-03-01T07:00:00Z', 18.2),
    );
    await person.write('garmin', {
      sources: [CLOUD],
      points: [sample('weight', '2026-03-10T07:00:00Z', 79.9), sample('lean_body_mass', '2026-01-01T00:00:00Z', 61)],
    });
    const body = await person.body(NOW, { explain: true });
    expect(body?.slow_changing).toEqual({
      weight_kg: 79.9,
      height_cm: 180,
      body_fat_percent: 18.2,
      muscle_mass_kg: 61,
      bmi: 24.7,
      age: null,
    });
    expect(body?.source.provider).toBe('garmin');
    expect(body?.explain).toMatchObject({
      weight: { source: { provider: 'garmin' }, reason: 'newest', candidates: 2 },
      height: { source: { provider: 'apple' }, reason: 'only_source', candidates: 1 },
    });
  });

  it('ignore what the future holds, even on the same date', async () => {
    await write(
      sample('weight', '2026-03-10T06:00:00Z', 80),
      sample('weight', '2026-03-10T11:59:59.999999Z', 81),
      sample('weight', NOW, 82),
      sample('weight', '2026-03-11T06:00:00Z', 83),
      sample('height', '2026-03-11T06:00:00Z', 170),
    );
    expect((await person.body(NOW))?.slow_changing).toMatchObject({ weight_kg: 81, height_cm: null });
  });

  it('of a traveller are the newest by the clock of the world, not by the calendar', async () => {
    await write(
      // March 9 in Auckland, and hours later March 8 in Honolulu.
      sample('weight', '2026-03-08T12:00:00Z', 80, { zone: 780 }),
      sample('weight', '2026-03-08T20:00:00Z', 79, { zone: -600 }),
    );
    expect((await person.body(NOW))?.slow_changing.weight_kg).toBe(79);
  });

  it('of equal times come from the better source', async () => {
    await person.write('apple', {
      sources: [PHONE, WATCH],
      points: [
        sample('weight', '2026-03-09T07:00:00Z', 70, { from: 0 }),
        sample('weight', '2026-03-09T07:00:00Z', 71, { from: 1 }),
      ],
    });
    const body = await person.body(NOW, { explain: true });
    expect(body).toMatchObject({
      slow_changing: { weight_kg: 71 },
      explain: { weight: { reason: 'device_priority', candidates: 2 } },
    });
  });

  it('show a stored BMI as it is, and age in full years', async () => {
    person = await world.person({ birthDate: '1990-03-11' });
    await write(
      sample('weight', '2026-03-09T07:00:00Z', 80),
      sample('height', '2026-03-09T07:00:00Z', 180),
      sample('body_mass_index', '2026-03-01T07:00:00Z', 24.321),
    );
    expect((await person.body(NOW))?.slow_changing).toMatchObject({ bmi: 24.321, age: 35 });
    expect((await person.body('2026-03-11T00:00:00Z'))?.slow_changing.age).toBe(36);
  });

  it('count the years of who was born on a leap day from March 1', async () => {
    person = await world.person({ birthDate: '2000-02-29' });
    await write(sample('weight', '2026-02-01T07:00:00Z', 80));
    expect((await person.body('2026-02-28T23:59:59Z'))?.slow_changing.age).toBe(25);
    expect((await person.body('2026-03-01T00:00:00Z'))?.slow_changing.age).toBe(26);
  });

  it('stay when their samples are archived', async () => {
    await write(sample('weight', '2025-01-09T07:00:00Z', 81), sample('height', '2025-01-09T08:00:00Z', 180));
    await world.db.query('UPDATE rollup SET archived = true WHERE user_key = $1', [person.user.key]);
    await world.db.query('DELETE FROM point WHERE user_key = $1', [person.user.key]);
    // 81 / 1.8² = 25.0.
    expect((await person.body(NOW))?.slow_changing).toMatchObject({ weight_kg: 81, height_cm: 180, bmi: 25 });
  });

  it('have no BMI without a height', async () => {
    await write(sample('weight', '2026-03-09T07:00:00Z', 80), sample('height', '2026-03-09T07:00:00Z', 0));
    expect((await person.body(NOW))?.slow_changing.bmi).toBeNull();
  });

  it('name the source of the newest; of equal times weight before height', async () => {
    await write(sample('height', '2026-03-09T07:00:00Z', 180));
    await person.write('garmin', { sources: [CLOUD], points: [sample('weight', '2026-03-09T07:00:00Z', 80)] });
    expect((await person.body(NOW))?.source.provider).toBe('garmin');
  });
});

describe('averages', () => {
  it('cover the period of the best source that has samples in it', async () => {
    await write(
      sample('resting_heart_rate', '2026-03-03T11:59:59Z', 99),
      sample('resting_heart_rate', '2026-03-03T12:00:00Z', 50),
      sample('resting_heart_rate', '2026-03-09T12:00:00Z', 53),
      sample('resting_heart_rate', NOW, 99),
      sample('heart_rate_variability_sdnn', '2026-03-09T12:00:00Z', 40.25),
      sample('heart_rate_variability_sdnn', '2026-03-09T13:00:00Z', 40.45),
    );
    await person.write('oura', {
      sources: [RING],
      points: [
        sample('resting_heart_rate', '2026-03-09T12:00:00Z', 90),
        sample('heart_rate_variability_rmssd', '2026-03-09T12:00:00Z', 55.25),
      ],
    });
    const body = await person.body(NOW, { explain: true });
    expect(body?.averaged).toEqual({
      period_days: 7,
      resting_heart_rate_bpm: 52,
      avg_hrv_sdnn_ms: 40.4,
      avg_hrv_rmssd_ms: 55.2,
      period_start: '2026-03-03T12:00:00Z',
      period_end: NOW,
    });
    expect(body?.explain).toMatchObject({
      resting_heart_rate: { source: { provider: 'apple' }, reason: 'provider_priority', candidates: 2 },
      hrv_rmssd: { source: { provider: 'oura' }, reason: 'only_source', candidates: 1 },
    });
    expect((await person.body(NOW, { days: 1 }))?.averaged).toMatchObject({
      period_days: 1,
      resting_heart_rate_bpm: 53,
      period_start: '2026-03-09T12:00:00Z',
    });
  });
});

describe('latest readings', () => {
  it('lie in the window, both ends included', async () => {
    await write(
      sample('body_temperature', '2026-03-10T08:00:00Z', 36.6),
      sample('skin_temperature', '2026-03-10T07:59:59.999999Z', 33),
      sample('skin_temperature', '2026-03-10T12:00:00.000001Z', 34),
    );
    expect((await person.body(NOW))?.latest).toEqual({
      body_temperature_celsius: 36.6,
      body_temperature_measured_at: '2026-03-10T08:00:00Z',
      skin_temperature_celsius: null,
      skin_temperature_measured_at: null,
      blood_pressure: null,
      blood_pressure_measured_at: null,
    });
    await write(sample('body_temperature', NOW, 37));
    expect((await person.body(NOW))?.latest).toMatchObject({
      body_temperature_celsius: 37,
      body_temperature_measured_at: NOW,
    });
    expect((await person.body(NOW, { hours: 5 }))?.latest.skin_temperature_celsius).toBe(33);
  });

  it('of equal times come from the better source', async () => {
    await person.write('apple', {
      sources: [PHONE, WATCH],
      points: [
        sample('body_temperature', '2026-03-10T11:00:00Z', 36.1, { from: 0 }),
        sample('body_temperature', '2026-03-10T11:00:00Z', 36.9, { from: 1 }),
        sample('skin_temperature', '2026-03-10T11:00:00Z', 33, { from: 0 }),
        sample('skin_temperature', '2026-03-10T10:59:59Z', 34, { from: 1 }),
      ],
    });
    expect((await person.body(NOW))?.latest).toMatchObject({
      body_temperature_celsius: 36.9,
      skin_temperature_celsius: 33,
    });
  });

  const pressure = (at: string, systolic: number | null, diastolicAt: string, diastolic: number | null, from = 0) => [
    ...(systolic === null ? [] : [sample('blood_pressure_systolic', at, systolic, { from })]),
    ...(diastolic === null ? [] : [sample('blood_pressure_diastolic', diastolicAt, diastolic, { from })]),
  ];

  it('pair pressures at most five seconds apart', async () => {
    await write(...pressure('2026-03-10T10:00:00Z', 120.5, '2026-03-10T10:00:05Z', 80.5));
    expect((await person.body(NOW))?.latest).toMatchObject({
      blood_pressure: {
        avg_systolic_mmhg: 120,
        avg_diastolic_mmhg: 80,
        max_systolic_mmhg: null,
        max_diastolic_mmhg: null,
        min_systolic_mmhg: null,
        min_diastolic_mmhg: null,
        reading_count: 1,
      },
      blood_pressure_measured_at: '2026-03-10T10:00:05Z',
    });
  });

  it('find the newest pair behind halves and never pair two devices', async () => {
    await person.write(
      'apple',
      {
        sources: [WATCH, PHONE],
        points: [
          ...pressure('2026-03-10T09:00:00Z', 111, '2026-03-10T09:00:00Z', 71),
          ...pressure('2026-03-10T10:00:00Z', 122, '2026-03-10T10:00:05.000001Z', 72),
          ...pressure('2026-03-10T11:00:00Z', 133, '', null, 0),
          ...pressure('', null, '2026-03-10T11:00:00Z', 73, 1),
        ],
      },
      time(NOW),
    );
    expect((await person.body(NOW))?.latest).toMatchObject({
      blood_pressure: { avg_systolic_mmhg: 111, avg_diastolic_mmhg: 71 },
      blood_pressure_measured_at: '2026-03-10T09:00:00Z',
    });
    // Two devices at one time, the lower pressure first: the watch, at the later of its two times.
    await person.write(
      'apple',
      {
        sources: [WATCH, PHONE],
        points: [
          ...pressure('2026-03-10T11:30:05Z', 125, '2026-03-10T11:30:00Z', 75, 0),
          ...pressure('2026-03-10T11:30:05Z', 145, '2026-03-10T11:30:00Z', 95, 1),
        ],
      },
      time(NOW),
    );
    expect((await person.body(NOW))?.latest).toMatchObject({
      blood_pressure: { avg_systolic_mmhg: 125, avg_diastolic_mmhg: 75 },
      blood_pressure_measured_at: '2026-03-10T11:30:05Z',
    });
  });
});

describe('no body', () => {
  it('is null: nobody, no data, BMI or age alone, zeros', async () => {
    expect(await person.body(NOW)).toBeNull();
    person = await world.person({ birthDate: '1990-01-01' });
    await write(
      sample('body_mass_index', '2026-03-01T07:00:00Z', 24),
      sample('resting_heart_rate', '2026-03-10T07:00:00Z', 0),
    );
    expect(await person.body(NOW)).toBeNull();
    await write(sample('skin_temperature', '2026-03-10T11:00:00Z', 33));
    expect(await person.body(NOW)).toMatchObject({
      source: { provider: 'apple' },
      averaged: { resting_heart_rate_bpm: null },
      slow_changing: { bmi: 24, age: 36 },
    });
  });

  it('has unknown as its source where only short-lived values are known', async () => {
    await write(sample('resting_heart_rate', '2026-03-10T07:00:00Z', 60));
    expect((await person.body(NOW))?.source).toEqual({
      provider: 'unknown',
      source: null,
      device: null,
      device_type: null,
      device_name: null,
    });
  });
});
