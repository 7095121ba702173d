import { describe, expect, it } from '@jest/globals';
import { formatInstant, parseIsoInstant, type JsonObject, type JsonValue } from '#libs/model';
import { mapRecords, type MappingFacts, type PullPlan } from '#libs/providers/kit';
import { oura } from './oura.strategy.js';

const facts: MappingFacts = {
  now: parseIsoInstant('2026-11-02T12:00:00Z')!,
  environment: {
    clientId: 'id',
    clientSecret: 'secret',
    webhookSecret: null,
    subscriptionIds: [],
    granularity: 'raw',
    setting: () => null,
  },
};
const resource = (name: string) => oura.cloud!.resources.find((one) => one.name === name)!;
const map = (name: string, ...records: JsonValue[]) => mapRecords('oura', resource(name), records, facts);

const sleep = (changes: JsonObject = {}): JsonObject => ({
  id: 's1',
  type: 'long_sleep',
  bedtime_start: '2026-03-28T23:30:00+01:00',
  bedtime_end: '2026-03-29T08:00:00+02:00',
  time_in_bed: 27_000,
  deep_sleep_duration: 3659,
  light_sleep_duration: 59,
  rem_sleep_duration: 60,
  efficiency: 88.6,
  ...changes,
});

describe('sleep', () => {
  it('spans the night in which the clocks go forward, in the offset of its start', () => {
    const [night] = map('sleep', sleep()).batch.sleepSessions;
    expect(night).toMatchObject({ zoneOffset: 60, durationSeconds: 27_000, timeInBedMinutes: 450, isNap: false });
    expect([night!.startedAt, night!.endedAt].map(formatInstant)).toEqual([
      '2026-03-28T22:30:00Z',
      '2026-03-29T06:00:00Z',
    ]);
    // Each stage is cut to minutes by itself, the total is cut once.
    expect(night).toMatchObject({ deepMinutes: 60, lightMinutes: 0, remMinutes: 1, totalMinutes: 62, awakeMinutes: 0 });
    expect(night?.efficiencyPercent).toBe(88.6);
  });

  it.each<[string | null, boolean]>([
    ['long_sleep', false],
    ['late_nap', true],
    ['sleep', true],
    [null, false],
  ])('of type %p is a nap: %p', (type, isNap) =>
    expect(map('sleep', sleep({ type })).batch.sleepSessions[0]?.isNap).toBe(isNap),
  );

  it.each(['deleted', 'rest'])('that is %s is taken back', (type) => {
    const { batch, removals } = map('sleep', sleep({ type, average_breath: 14 }));
    expect([batch.sleepSessions, batch.points]).toEqual([[], []]);
    expect(removals).toEqual([{ kind: 'event', category: 'sleep', externalId: 's1' }]);
  });

  it('takes the finer list of stages, and unknown ones for what they are', () => {
    const { batch } = map('sleep', sleep({ sleep_phase_5_min: '1', sleep_phase_30_sec: '4429' }));
    expect(
      batch.sleepSessions[0]?.stages?.map(({ stage, startedAt, endedAt }) => [stage, endedAt - startedAt]),
    ).toEqual([
      ['awake', 60_000_000],
      ['light', 30_000_000],
      ['unknown', 30_000_000],
    ]);
    expect(map('sleep', sleep()).batch.sleepSessions[0]?.stages).toEqual([]);
  });

  it('keeps the offset of its samples, UTC as well: they are stamped in the time of the sleeper', () => {
    const samples = (timestamp: string) => ({ interval: 300, items: [50], timestamp });
    const heart_rate = samples('2026-01-08T23:30:00+00:00');
    const { batch } = map('sleep', sleep({ heart_rate, hrv: samples('2026-01-08T23:30:00-03:30') }));
    expect(batch.points.map(({ zoneOffset }) => zoneOffset)).toEqual([0, -210]);
  });

  it('loses no more than what cannot be read', () => {
    const heart_rate = { interval: 300, items: [50], timestamp: 'at night' };
    const hrv = { interval: 1e300, items: [40, 41], timestamp: '2026-03-28T23:30:00+01:00' };
    const { batch, problems } = map('sleep', sleep({ heart_rate, hrv, average_breath: 'deep', awake_time: -60 }));
    expect(batch.sleepSessions).toEqual([expect.objectContaining({ awakeMinutes: 0, deepMinutes: 60 })]);
    expect(batch.points).toEqual([]);
    expect(problems.map(({ path, severity }) => [path, severity])).toEqual([
      ['awake_time', 'warning'],
      ['heart_rate.timestamp', 'warning'],
      ['hrv.interval', 'warning'],
      ['average_breath', 'warning'],
    ]);
  });

  it('has samples that were taken, at their places', () => {
    const heart_rate = { interval: 300, items: [null, 51.5, 'x', 50], timestamp: '2026-03-28T23:30:00+01:00' };
    const hrv = { interval: 0, items: [40], timestamp: '2026-03-28T23:30:00+01:00' };
    const { batch } = map('sleep', sleep({ heart_rate, hrv, lowest_heart_rate: 44.5 }));
    expect(batch.points.map(({ series, value, recordedAt }) => [series, value, formatInstant(recordedAt)])).toEqual([
      ['heart_rate', 51.5, '2026-03-28T22:35:00Z'],
      ['heart_rate', 50, '2026-03-28T22:45:00Z'],
      ['resting_heart_rate', 44.5, '2026-03-28T22:30:00Z'],
    ]);
  });
});

describe('days', () => {
  it.each<[string, string, number | null]>([
    ['2026-03-09T04:00:00+01:00', '2026-03-09T03:00:00Z', 60],
    ['2026-03-09T04:00:00-11:00', '2026-03-09T15:00:00Z', -660],
    ['2026-03-09T00:00:00+00:00', '2026-03-09T00:00:00Z', null],
    ['2026-03-09T00:00:00Z', '2026-03-09T00:00:00Z', null],
  ])('stamped %s begin at %s with offset %p', (timestamp, at, zoneOffset) => {
    const { batch } = map('daily_activity', { day: '2026-03-09', timestamp, steps: 7.9, score: 80 });
    expect(batch.points).toEqual([expect.objectContaining({ value: 7, isDailyTotal: true, zoneOffset })]);
    expect(formatInstant(batch.points[0]!.recordedAt)).toBe(at);
    expect(batch.scores[0]).toMatchObject({ zoneOffset, components: null });
  });

  it('without a stamp lie at midnight UTC, as a key', () => {
    const { batch } = map('daily_readiness', { day: '2026-03-09', temperature_deviation: -0.5 });
    expect(batch.points.map(({ recordedAt, zoneOffset }) => [formatInstant(recordedAt), zoneOffset])).toEqual([
      ['2026-03-09T00:00:00Z', null],
    ]);
    expect(map('daily_spo2', { day: '09.03.2026', spo2_percentage: { average: 97 } }).problems).toHaveLength(1);
    expect(map('daily_spo2', { spo2_percentage: { average: 97 } }).batch.points).toEqual([]);
  });

  it.each<[string, number, number, string]>([
    ['daily_activity', 0, 0, 'dropped'],
    ['daily_readiness', 0, 1, 'warning'],
    ['daily_sleep', 0, 1, 'warning'],
  ])(
    'of %s with a stamp nobody can read give %i points and %i scores, and it is told',
    (name, points, scores, told) => {
      const record = { day: '2026-03-09', timestamp: 'today', steps: 7, temperature_deviation: -0.5, score: 80 };
      const { batch, problems } = map(name, record);
      expect([batch.points.length, batch.scores.length]).toEqual([points, scores]);
      expect(batch.scores.every(({ recordedAt }) => formatInstant(recordedAt) === '2026-03-09T00:00:00Z')).toBe(true);
      expect(problems).toEqual([
        expect.objectContaining({
          path: 'timestamp',
          message: 'must be an ISO 8601 date and time',
          severity: told,
        }),
      ]);
    },
  );

  it('round active time down, once', () => {
    const { batch } = map('daily_activity', { day: '2026-03-09', high_activity_time: 59, low_activity_time: 62 });
    expect(batch.points.map(({ series, value }) => [series, value])).toEqual([['active_time', 2]]);
  });

  it('have contributors that are whole numbers', () => {
    const contributors = { sleep_balance: 77.9, hrv_balance: null, previous_night: 'good' };
    const { batch, problems } = map('daily_sleep', { day: '2026-03-09', score: 70, contributors });
    expect(batch.scores[0]?.components).toEqual({ sleep_balance: { value: 77, qualifier: null } });
    expect(problems).toEqual([expect.objectContaining({ path: 'contributors', severity: 'warning' })]);
  });
});

it('workouts need their times', () => {
  const { batch, problems } = map('workout', { id: 'w', activity: 'Cycling', end_datetime: '2026-03-09T10:00:00Z' });
  expect(batch.workouts).toEqual([]);
  expect(problems[0]).toMatchObject({ path: 'start_datetime', message: 'is missing' });
});

it('no VO2 max is 0', () => {
  expect(map('vo2_max', { timestamp: '2026-03-09T08:00:00+01:00', vo2_max: 0 }).batch.points).toEqual([]);
});

it('asks for one day more than the window has', () => {
  const plan = resource('daily_activity').pull as PullPlan;
  const window = { start: parseIsoInstant('2026-12-30T23:59:59Z')!, end: parseIsoInstant('2026-12-31T01:00:00Z')! };
  expect(plan.request(window, facts.environment).query).toEqual({ start_date: '2026-12-30', end_date: '2027-01-01' });
});
