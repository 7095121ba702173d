import { describe, expect, it } from '@jest/globals';
import { formatInstant, parseIsoInstant, type JsonObject, type JsonValue } from '#libs/model';
import {
  mapRecords,
  VendorError,
  type MappingFacts,
  type ProviderEnvironment,
  type VendorRequest,
  type VendorSession,
} from '#libs/providers/kit';
import { whoop } from './whoop.strategy.js';

const environment: ProviderEnvironment = {
  clientId: 'id',
  clientSecret: 'secret',
  webhookSecret: null,
  subscriptionIds: [],
  granularity: 'raw',
  setting: () => null,
};
const facts: MappingFacts = { now: parseIsoInstant('2026-11-02T12:00:00Z')!, environment };
const resource = (name: string) => whoop.cloud!.resources.find((one) => one.name === name)!;
const map = (name: string, records: readonly JsonValue[], more: Partial<MappingFacts> = {}) =>
  mapRecords('whoop', resource(name), records, { ...facts, ...more });

const night = (changes: JsonObject = {}): JsonObject => ({
  id: 'n1',
  start: '2026-10-24T21:30:00.000Z',
  end: '2026-10-25T06:30:00.000Z',
  timezone_offset: '+02:00',
  nap: false,
  score_state: 'SCORED',
  score: {
    stage_summary: { total_in_bed_time_milli: 32_400_000, total_light_sleep_time_milli: 59_999 },
    sleep_performance_percentage: 91.2,
  },
  ...changes,
});

describe('sleep', () => {
  it('counts real hours of a night in which the clocks go back', () => {
    const [session] = map('sleep', [night()]).batch.sleepSessions;
    expect(session).toMatchObject({ durationSeconds: 32_400, timeInBedMinutes: 540, zoneOffset: 120 });
    // 59.999 s of light sleep are no minute.
    expect(session).toMatchObject({ lightMinutes: 0, totalMinutes: 0, stages: null });
  });

  it.each<[string, number | null]>([
    ['-12:00', -720],
    ['+14:00', 840],
    ['+05:45', 345],
    ['Z', 0],
    ['+0100', null],
    ['Europe/Berlin', null],
  ])('offset %s is %p minutes, and an odd one costs no night', (timezone_offset, minutes) => {
    const { batch, problems } = map('sleep', [night({ timezone_offset })]);
    expect(problems).toEqual([]);
    expect(batch.sleepSessions[0]?.zoneOffset).toBe(minutes);
    expect(batch.scores[0]?.zoneOffset).toBe(minutes);
  });

  it('keeps naps and unscored nights, without a score', () => {
    const { batch } = map('sleep', [night({ nap: true, score_state: 'PENDING_SCORE', score: null })]);
    expect(batch.sleepSessions).toEqual([
      expect.objectContaining({ isNap: true, durationSeconds: 32_400, totalMinutes: 0, efficiencyPercent: null }),
    ]);
    expect(batch.scores).toEqual([]);
  });

  it('loses only what is wrong: a number, or the record where it cannot do without', () => {
    const wrong = night({ id: 'n2', score: { sleep_efficiency_percentage: 'high' } });
    const { batch, problems } = map('sleep', [night(), wrong, 7, night({ id: 'n3' }), night({ id: null })]);
    expect(batch.sleepSessions.map(({ externalId }) => externalId)).toEqual(['n1', 'n2', 'n3']);
    expect(batch.sleepSessions[1]?.efficiencyPercent).toBeNull();
    expect(problems.map(({ index, path, message, severity }) => [index, path, message, severity])).toEqual([
      [1, 'score.sleep_efficiency_percentage', 'must be a number', 'warning'],
      [2, null, 'must be an object', 'dropped'],
      [4, 'id', 'is missing', 'dropped'],
    ]);
  });

  it('takes impossible times in stages and bed for missing ones', () => {
    const stage_summary = {
      total_in_bed_time_milli: -1,
      total_rem_sleep_time_milli: 1e300,
      total_light_sleep_time_milli: 60_000,
    };
    const { batch, problems } = map('sleep', [night({ score: { stage_summary } })]);
    expect(batch.sleepSessions[0]).toMatchObject({ durationSeconds: 32_400, remMinutes: 0, totalMinutes: 1 });
    expect(problems.map(({ path, message }) => [path, message])).toEqual([
      ['score.stage_summary.total_in_bed_time_milli', 'is out of range'],
      ['score.stage_summary.total_rem_sleep_time_milli', 'is out of range'],
    ]);
  });
});

describe('workouts', () => {
  const workout = (changes: JsonObject = {}): JsonObject => ({
    id: 'w1',
    start: '2026-03-09T23:50:00Z',
    end: '2026-03-10T00:20:30.900Z',
    sport_name: ' Functional Fitness ',
    score_state: 'SCORED',
    score: { strain: 20.99999, average_heart_rate: 141.6, kilojoule: 1000 },
    ...changes,
  });

  it('take fractional heart rates and convert kilojoules', () => {
    const { batch } = map('workout', [workout()]);
    expect(batch.workouts[0]).toMatchObject({ durationSeconds: 1830, zoneOffset: null });
    expect(batch.workouts[0]?.detail).toMatchObject({ heartRateAvg: 141.6, energyBurned: 239.006 });
    expect(batch.scores[0]).toMatchObject({ category: 'strain', value: 21 });
  });

  it('without a score have no strain; unknown sports are other', () => {
    const { batch } = map('workout', [
      workout({ score: null, sport_name: 'underwater chess' }),
      workout({ score_state: 'UNSCORABLE', score: null }),
    ]);
    expect(batch.workouts).toEqual([expect.objectContaining({ type: 'other' })]);
    expect(batch.workouts[0]?.detail.movingTimeSeconds).toBeNull();
    expect(batch.scores).toEqual([]);
  });
});

it('body measures are stored when they differ, at the time they came', () => {
  const newest = new Map([['height', 178.5] as const, ['weight', 74] as const]);
  const { batch } = map('body_measurement', [{ height_meter: 1.785, weight_kilogram: 74.3 }], { newest });
  expect(batch.points.map(({ series, value, recordedAt }) => [series, value, formatInstant(recordedAt)])).toEqual([
    ['weight', 74.3, '2026-11-02T12:00:00Z'],
  ]);
});

describe('the recovery of a sleep', () => {
  const sleep = { id: 's', cycle_id: 9, start: '2026-03-08T22:00:00Z', end: '2026-03-09T06:00:00Z' };
  const session = (answer: (request: VendorRequest) => JsonValue): VendorSession => ({
    now: facts.now,
    account: { id: '1', username: null },
    environment,
    json: (request) => Promise.resolve(request).then(answer),
    bytes: () => Promise.reject(new Error('no files')),
  });
  const missing = (): never => {
    throw new VendorError('status', 'not there', { status: 404 });
  };

  it('is looked for around the sleep when its cycle does not have it', async () => {
    const asked: VendorRequest[] = [];
    const found = await resource('recovery').one!(
      's',
      session((request): JsonValue => {
        asked.push(request);
        if (request.path.startsWith('/v2/activity/sleep/')) return sleep;
        if (request.path.startsWith('/v2/cycle/')) return missing();
        const isSecond = request.query?.['nextToken'] === 'b';
        return isSecond
          ? { records: [{ sleep_id: 's', score_state: 'SCORED' }] }
          : { records: [{ sleep_id: 'other' }], next_token: 'b' };
      }),
    );
    expect(found).toEqual([{ sleep_id: 's', score_state: 'SCORED' }]);
    expect(asked[2]?.query).toMatchObject({ start: '2026-03-07T22:00:00Z', end: '2026-03-11T06:00:00Z' });
  });

  it('is gone with its sleep, and other trouble is told', async () => {
    await expect(resource('recovery').one!('s', session(missing))).rejects.toMatchObject({ status: 404 });
    const broken = session((request) => {
      if (request.path.startsWith('/v2/activity/sleep/')) return sleep;
      throw new VendorError('status', 'down', { status: 503 });
    });
    await expect(resource('recovery').one!('s', broken)).rejects.toMatchObject({ status: 503 });
  });
});
