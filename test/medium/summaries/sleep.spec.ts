import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SleepSessionInput } from '#libs/model';
import { segment, session } from '../ingest-events/batches.js';
import { everyMinute, type Person, PHONE, RING, sample, time, WATCH, World } from './world.js';

let world: World;
let person: Person;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** A session in UTC. */
const slept = (from: string, to: string, fields: Partial<SleepSessionInput> = {}): SleepSessionInput =>
  session('22:00', '06:00', {
    zoneOffset: null,
    startedAt: time(from),
    endedAt: time(to),
    externalId: from,
    ...fields,
  });

const NOTHING_KNOWN = {
  totalMinutes: null,
  timeInBedMinutes: null,
  efficiencyPercent: null,
  deepMinutes: null,
  remMinutes: null,
  lightMinutes: null,
  awakeMinutes: null,
} as const;

const nights = async (start = '2026-03-01', end = '2026-04-01') => (await person.sleep(start, end)).data;

const written = async (...sleepSessions: SleepSessionInput[]) => {
  person = await world.person();
  await person.write('oura', { sources: [RING], sleepSessions });
  return nights();
};

describe('a night', () => {
  it('shows one session as it was delivered', async () => {
    const [night, ...more] = await written(slept('2026-03-03T22:00:00Z', '2026-03-04T06:00:00Z', { zoneOffset: 60 }));
    expect(more).toEqual([]);
    expect(night).toEqual({
      date: '2026-03-04',
      source: expect.objectContaining({ provider: 'oura', device: 'Oura Ring 4', device_type: 'ring' }),
      start_time: '2026-03-03T22:00:00Z',
      end_time: '2026-03-04T06:00:00Z',
      zone_offset: '+01:00',
      duration_minutes: 400,
      total_duration_minutes: 400,
      time_in_bed_minutes: 450,
      efficiency_percent: 89,
      stages: { awake_minutes: 50, light_minutes: 230, deep_minutes: 80, rem_minutes: 90 },
      interruptions_count: null,
      nap_count: 0,
      nap_duration_minutes: 0,
      sessions: [
        {
          start_time: '2026-03-03T22:00:00Z',
          end_time: '2026-03-04T06:00:00Z',
          zone_offset: '+01:00',
          duration_minutes: 400,
          is_nap: false,
        },
      ],
      avg_heart_rate_bpm: null,
      avg_hrv_sdnn_ms: null,
      avg_hrv_rmssd_ms: null,
      avg_respiratory_rate: null,
      avg_spo2_percent: null,
    });
  });

  it('split in three adds up; times are those of the longest part', async () => {
    const found = await written(
      slept('2026-03-03T20:00:00Z', '2026-03-03T22:00:00Z', {
        ...NOTHING_KNOWN,
        totalMinutes: 100,
        deepMinutes: 10,
        efficiencyPercent: 50,
      }),
      slept('2026-03-04T00:30:00Z', '2026-03-04T02:30:00Z', {
        ...NOTHING_KNOWN,
        totalMinutes: 110,
        deepMinutes: 20,
        efficiencyPercent: 60,
      }),
      slept('2026-03-04T05:00:00Z', '2026-03-04T09:00:00Z', {
        ...NOTHING_KNOWN,
        totalMinutes: 200,
        timeInBedMinutes: 230,
        efficiencyPercent: 90,
      }),
      slept('2026-03-04T12:00:00Z', '2026-03-04T14:00:00Z', { ...NOTHING_KNOWN, efficiencyPercent: null }),
    );
    expect(found.map((night) => night.date)).toEqual(['2026-03-03', '2026-03-04']);
    expect(found[1]).toMatchObject({
      start_time: '2026-03-04T05:00:00Z',
      end_time: '2026-03-04T09:00:00Z',
      // 110 + 200 + the two hours of the session that no total is known of.
      duration_minutes: 430,
      time_in_bed_minutes: 230,
      // (60 * 2 h + 90 * 4 h) / 6 h: a session without efficiency has no weight.
      efficiency_percent: 80,
      stages: { awake_minutes: null, light_minutes: null, deep_minutes: 20, rem_minutes: null },
    });
    expect(found[1]!.sessions.map((part) => part.duration_minutes)).toEqual([110, 200, 120]);
  });

  it('of equally long parts shows the earliest', async () => {
    const [night] = await written(
      slept('2026-03-04T05:00:00Z', '2026-03-04T08:00:00Z'),
      slept('2026-03-04T00:00:00Z', '2026-03-04T02:00:00Z'),
      slept('2026-03-04T11:00:00Z', '2026-03-04T14:00:00Z'),
    );
    expect(night!.start_time).toBe('2026-03-04T05:00:00Z');
  });

  it('knows no stages and no efficiency where none was delivered', async () => {
    const [night] = await written(slept('2026-03-03T22:00:00Z', '2026-03-04T06:00:00Z', NOTHING_KNOWN));
    expect(night).toMatchObject({
      duration_minutes: 480,
      efficiency_percent: null,
      stages: null,
      time_in_bed_minutes: null,
    });
  });

  it('is put together from the segments of a phone', async () => {
    person = await world.person();
    await person.write('apple', {
      sleepSegments: [
        segment('light', '23:00', '01:00'),
        segment('awake', '01:00', '01:30'),
        segment('deep', '01:30', '03:00'),
      ],
    });
    expect(await nights()).toMatchObject([
      {
        date: '2026-03-02',
        duration_minutes: 210,
        efficiency_percent: 87.5,
        stages: { awake_minutes: 30, light_minutes: 120, deep_minutes: 90, rem_minutes: 0 },
      },
    ]);
  });
});

describe('naps', () => {
  const nap = (from: string, to: string, fields: Partial<SleepSessionInput> = {}) =>
    slept(from, to, { isNap: true, ...fields });

  it('count apart from the night', async () => {
    const [night] = await written(
      slept('2026-03-03T22:00:00Z', '2026-03-04T06:00:00Z'),
      nap('2026-03-04T13:00:00Z', '2026-03-04T13:25:30Z'),
      nap('2026-03-04T17:00:00Z', '2026-03-04T17:20:45Z'),
    );
    expect(night).toMatchObject({
      duration_minutes: 400,
      nap_count: 2,
      nap_duration_minutes: 46,
      total_duration_minutes: 446,
      start_time: '2026-03-03T22:00:00Z',
      time_in_bed_minutes: 450,
    });
    expect(night!.sessions.map((part) => [part.is_nap, part.duration_minutes])).toEqual([
      [false, 400],
      [true, 25],
      [true, 20],
    ]);
  });

  it('alone make a day without a night', async () => {
    const [night] = await written(nap('2026-03-04T13:00:00Z', '2026-03-04T13:30:00Z'));
    expect(night).toMatchObject({
      date: '2026-03-04',
      start_time: null,
      end_time: null,
      zone_offset: null,
      duration_minutes: 0,
      total_duration_minutes: 30,
      nap_count: 1,
      nap_duration_minutes: 30,
      stages: null,
      efficiency_percent: null,
      avg_heart_rate_bpm: null,
    });
  });

  it('of a better device do not hide the night of another', async () => {
    await written(slept('2026-03-03T22:00:00Z', '2026-03-04T06:00:00Z'));
    await person.write('apple', { sleepSessions: [nap('2026-03-04T13:00:00Z', '2026-03-04T13:30:00Z')] });
    const [night] = await nights();
    expect(night).toMatchObject({ source: { provider: 'oura' }, duration_minutes: 400, nap_count: 0 });
  });
});

describe('the date of a night', () => {
  it.each([
    ['the wearer’s morning at UTC+14', '2026-03-03T08:00:00Z', '2026-03-03T16:00:00Z', 840, '2026-03-04'],
    ['the wearer’s morning at UTC-11', '2026-03-04T09:00:00Z', '2026-03-04T17:00:00Z', -660, '2026-03-04'],
    [
      'the evening before, for who wakes before midnight',
      '2026-03-03T18:00:00Z',
      '2026-03-03T22:30:00Z',
      60,
      '2026-03-03',
    ],
    ['its end when clocks spring forward', '2026-03-28T22:30:00Z', '2026-03-29T05:00:00Z', 120, '2026-03-29'],
  ])('is %s', async (_, from, to, zoneOffset, date) => {
    expect((await written(slept(from, to, { zoneOffset }))).map((night) => night.date)).toEqual([date]);
  });
});

describe('the range of nights', () => {
  beforeAll(async () => {
    await written(
      // Wakes at 00:30 of the 4th on the wall, 23:30 of the 3rd in UTC.
      slept('2026-03-03T16:00:00Z', '2026-03-03T23:30:00Z', { zoneOffset: 60 }),
      slept('2026-03-04T22:00:00Z', '2026-03-05T06:00:00Z'),
      slept('2026-03-05T22:00:00Z', '2026-03-06T06:00:00Z'),
    );
  });

  it.each([
    ['2026-03-04', '2026-03-06', ['2026-03-04', '2026-03-05']],
    ['2026-03-03', '2026-03-04', []],
    ['2026-03-04T23:59:59Z', '2026-03-05T23:59:59Z', ['2026-03-04']],
    ['2026-03-05T01:00:00+02:00', '2026-03-06T01:00:00+02:00', ['2026-03-04']],
    ['2026-03-06', '2026-03-04', []],
    ['0001-01-01', '9999-12-31', ['2026-03-04', '2026-03-05', '2026-03-06']],
  ])('from %s to %s takes whole local dates and leaves the last out', async (start, end, dates) => {
    expect((await nights(start, end)).map((night) => night.date)).toEqual(dates);
  });
});

describe('two devices in one night', () => {
  const both = async (): Promise<void> => {
    await written(slept('2026-03-03T22:00:00Z', '2026-03-04T06:00:00Z', { totalMinutes: 300 }));
    await person.write('garmin', {
      sources: [WATCH],
      sleepSessions: [slept('2026-03-03T22:10:00Z', '2026-03-04T06:10:00Z', { totalMinutes: 310, deepMinutes: null })],
    });
  };

  it('are not mixed: the better one tells the whole night', async () => {
    await both();
    const [night, ...more] = (await person.sleep('2026-03-01', '2026-04-01', { explain: true })).data;
    expect(more).toEqual([]);
    expect(night).toMatchObject({
      source: { provider: 'garmin' },
      duration_minutes: 310,
      stages: { deep_minutes: null },
    });
    expect(night!.explain).toEqual({
      sleep: { source: night!.source, reason: 'provider_priority', candidates: 2 },
    });
    await person.prefers({ deviceType: 'ring' });
    expect(await nights()).toMatchObject([{ source: { provider: 'oura' }, duration_minutes: 300 }]);
  });

  it('vitals come from the device of the night, else from the next that has them', async () => {
    await both();
    const at = '2026-03-04T00:00:00Z';
    await person.write('oura', {
      sources: [RING],
      points: [
        ...everyMinute('heart_rate', at, [50, 51]),
        ...everyMinute('heart_rate_variability_rmssd', at, [40, 41.5]),
        ...everyMinute('heart_rate_variability_sdnn', at, [50, 50.5, 51.25, 52.25]),
        ...everyMinute('respiratory_rate', at, [14]),
      ],
    });
    await person.write('apple', { sources: [PHONE], points: everyMinute('oxygen_saturation', at, [96, 97]) });
    const [ring] = (await person.sleep('2026-03-01', '2026-04-01', { explain: true })).data;
    expect(ring).toMatchObject({
      source: { provider: 'garmin' },
      avg_heart_rate_bpm: 50,
      avg_hrv_rmssd_ms: 40.75,
      avg_hrv_sdnn_ms: 51,
      avg_respiratory_rate: 14,
      avg_spo2_percent: 96.5,
    });
    expect(ring!.explain).toMatchObject({
      heart_rate: { source: { provider: 'oura' }, reason: 'only_source', candidates: 1 },
      spo2: { source: { provider: 'apple' }, reason: 'only_source', candidates: 1 },
    });
    // Apple ranks before Garmin, yet the watch has the night.
    await person.write('apple', { sources: [PHONE], points: everyMinute('heart_rate', at, [90]) });
    expect(await nights()).toMatchObject([{ avg_heart_rate_bpm: 90 }]);
    await person.write('garmin', { sources: [WATCH], points: everyMinute('heart_rate', at, [60, 61]) });
    expect(await nights()).toMatchObject([{ avg_heart_rate_bpm: 60 }]);
  });

  it('vitals are those inside the main sessions', async () => {
    person = await world.person();
    await person.write('oura', {
      sources: [RING],
      sleepSessions: [
        slept('2026-03-04T00:00:00Z', '2026-03-04T02:00:00Z'),
        slept('2026-03-04T05:00:00Z', '2026-03-04T07:00:00Z'),
        slept('2026-03-04T15:00:00Z', '2026-03-04T16:00:00Z', { isNap: true }),
      ],
      points: [
        sample('heart_rate', '2026-03-03T23:59:59.999999Z', 200),
        sample('heart_rate', '2026-03-04T00:00:00Z', 50),
        sample('heart_rate', '2026-03-04T01:00:00Z', 52),
        sample('heart_rate', '2026-03-04T02:00:00Z', 200),
        sample('heart_rate', '2026-03-04T03:00:00Z', 200),
        sample('heart_rate', '2026-03-04T06:00:00Z', 57),
        sample('heart_rate', '2026-03-04T07:00:00Z', 200),
        sample('heart_rate', '2026-03-04T15:30:00Z', 200),
      ],
    });
    expect(await nights()).toMatchObject([{ avg_heart_rate_bpm: 53 }]);
  });
});
