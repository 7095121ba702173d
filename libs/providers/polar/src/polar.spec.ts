import { describe, expect, it } from '@jest/globals';
import { formatInstant, parseIsoInstant, type JsonObject, type JsonValue } from '#libs/model';
import { mapRecords, type MappingFacts } from '#libs/providers/kit';
import { polar } from './polar.strategy.js';

const facts: MappingFacts = {
  now: parseIsoInstant('2026-11-02T12:00:00Z')!,
  environment: {
    clientId: 'id',
    clientSecret: 'secret',
    webhookSecret: 'shh',
    subscriptionIds: [],
    granularity: 'raw',
    setting: () => null,
  },
  zoneOffsets: new Map([
    ['2026-03-09', 60],
    ['2026-01-01', 13 * 60],
    ['2026-03-10', null],
  ]),
};
const resource = (name: string) => polar.cloud!.resources.find((one) => one.name === name)!;
const map = (name: string, ...records: JsonValue[]) => mapRecords('polar', resource(name), records, facts);

const night = (changes: JsonObject = {}): JsonObject => ({
  date: '2026-03-09',
  sleep_start_time: '2026-03-08T23:50:30+01:00',
  sleep_end_time: '2026-03-09T06:50:30+01:00',
  light_sleep: 3600,
  ...changes,
});
const heartTimes = (heart_rate_samples: JsonObject, changes: JsonObject = {}): string[] =>
  map('sleep', night({ heart_rate_samples, ...changes })).batch.points.map(({ recordedAt }) =>
    formatInstant(recordedAt),
  );

describe('clock times of a night', () => {
  it('cross midnight once', () =>
    expect(heartTimes({ '23:55': 60, '00:05': 58, '06:00': 55 })).toEqual([
      '2026-03-08T22:55:00Z',
      '2026-03-08T23:05:00Z',
      '2026-03-09T05:00:00Z',
    ]));

  it('begin in the minute of the start, or next to it', () => {
    expect(heartTimes({ '23:50': 60 })).toEqual(['2026-03-08T22:50:00Z']);
    expect(heartTimes({ '00:05': 60 })).toEqual(['2026-03-08T23:05:00Z']);
    const early = { sleep_start_time: '2026-03-09T00:02:00+01:00' };
    expect(heartTimes({ '23:58': 60, '00:03': 61 }, early)).toEqual(['2026-03-08T22:58:00Z', '2026-03-08T23:03:00Z']);
  });

  it('that are none are left out', () =>
    expect(heartTimes({ '24:00': 1, '12:60': 2, noon: 3, '23:59': 'x' })).toEqual([]));
});

describe('a hypnogram', () => {
  const stages = (hypnogram: JsonValue) =>
    map('sleep', night({ hypnogram })).batch.sleepSessions[0]?.stages?.map(({ stage, startedAt, endedAt }) => [
      stage,
      formatInstant(startedAt).slice(11, 19),
      formatInstant(endedAt).slice(11, 19),
    ]);

  it('joins equal codes, keeps two kinds of light sleep apart, and ends with the sleep', () => {
    expect(stages({ '23:51': 2, '23:56': 2, '00:10': 3, '00:20': 9, '00:30': 4, '06:00': 5 })).toEqual([
      ['light', '22:51:00', '23:10:00'],
      ['light', '23:10:00', '23:30:00'],
      ['deep', '23:30:00', '05:00:00'],
      ['unknown', '05:00:00', '05:50:30'],
    ]);
  });

  it('has nothing after the end of the sleep', () =>
    expect(stages({ '23:51': 2, '06:55': 4, '07:10': 2 })).toEqual([['light', '22:51:00', '05:50:30']]));

  it.each<JsonValue>([null, {}, 'x', { '23:51': 'deep' }])('%j is none', (hypnogram) =>
    expect(stages(hypnogram)).toBeUndefined(),
  );
});

describe('nights', () => {
  it('are told apart by their date, in the offset of their start', () => {
    const dateline = { sleep_start_time: '2026-01-01T23:30:00-12:00', sleep_end_time: '2026-01-02T07:00:00-12:00' };
    const { batch } = map('sleep', night({ ...dateline, date: null, sleep_score: 70 }));
    expect(batch.sleepSessions[0]).toMatchObject({
      externalId: '2026-01-02',
      zoneOffset: -720,
      durationSeconds: 27_000,
    });
    expect(batch.scores[0]).toMatchObject({ zoneOffset: -720, sleepStartedAt: batch.sleepSessions[0]!.startedAt });
  });

  it('with a date nobody can read have that of their end', () => {
    const { batch, problems } = map('sleep', night({ date: '9 March', sleep_score: 'good', rem_sleep: -1 }));
    expect(batch.sleepSessions).toEqual([expect.objectContaining({ externalId: '2026-03-09', remMinutes: 0 })]);
    expect(problems.map(({ path, severity }) => [path, severity])).toEqual([
      ['date', 'warning'],
      ['rem_sleep', 'warning'],
      ['sleep_score', 'warning'],
    ]);
  });

  it('in which the clocks go back have their real length', () => {
    const back = { sleep_start_time: '2026-10-24T23:00:00+02:00', sleep_end_time: '2026-10-25T07:00:00+01:00' };
    expect(map('sleep', night(back)).batch.sleepSessions[0]).toMatchObject({
      durationSeconds: 32_400,
      zoneOffset: 120,
    });
  });
});

describe('exercises', () => {
  const exercise = (changes: JsonObject = {}): JsonObject => ({
    id: 'e',
    sport: 'RUNNING',
    start_time: '2026-03-09T00:15:00',
    start_time_utc_offset: -210,
    duration: 'PT1H0.9S',
    ...changes,
  });

  it('begin at their wall time less the offset', () => {
    const [workout] = map('exercise', exercise({ distance: 9870.4, calories: 612.5 })).batch.workouts;
    expect(formatInstant(workout!.startedAt)).toBe('2026-03-09T03:45:00Z');
    expect(workout).toMatchObject({ zoneOffset: -210, durationSeconds: 3600, sourceName: 'Polar', type: 'running' });
    expect(workout!.endedAt - workout!.startedAt).toBe(3_600_900_000);
    expect(workout!.detail).toMatchObject({ distance: 9870.4, energyBurned: 612.5 });
  });

  it.each<[JsonObject, string]>([
    [{ sport: 'RUNNING', detailed_sport_info: 'RUNNING_TRAIL' }, 'trail_running'],
    [{ sport: 'RUNNING', detailed_sport_info: 'RUNNING_ON_THE_MOON' }, 'running'],
    [{ sport: 'running' }, 'other'],
  ])('%j is %s', (sport, type) => expect(map('exercise', exercise(sport)).batch.workouts[0]?.type).toBe(type));

  it('without an offset have no instant', () => {
    const { problems } = map(
      'exercise',
      exercise({ start_time_utc_offset: null }),
      exercise({ duration: '52 minutes' }),
    );
    expect(problems.map(({ path }) => path)).toEqual(['start_time_utc_offset', 'duration']);
  });
});

describe('days in wall time', () => {
  it('take the offset of their date, and are UTC where none is known', () => {
    const { batch } = map(
      'daily_activity',
      { start_time: '2026-01-01T00:00', steps: 1 },
      { start_time: '2026-03-10T00:00', steps: 2 },
      { start_time: '2026-03-10T00:00-05:00', steps: 3 },
    );
    expect(batch.points.map(({ recordedAt, zoneOffset }) => [formatInstant(recordedAt), zoneOffset])).toEqual([
      ['2025-12-31T11:00:00Z', 780],
      ['2026-03-10T00:00:00Z', null],
      ['2026-03-10T05:00:00Z', -300],
    ]);
    expect(resource('daily_activity').localDates!({ start_time: '2026-03-09T00:00' })).toEqual(['2026-03-09']);
    expect(resource('continuous_hr').localDates!({ date: '2026-03-09' })).toEqual(['2026-03-09']);
  });

  it('lose the sample that is wrong alone', () => {
    const heart_rate_samples = [{ heart_rate: 'x', sample_time: '00:01' }, 7, { heart_rate: 70, sample_time: '00:02' }];
    const { batch, problems } = map('continuous_hr', { date: '2026-03-09', heart_rate_samples });
    expect(batch.points.map(({ value }) => value)).toEqual([70]);
    expect(problems).toEqual([expect.objectContaining({ path: 'heart_rate', severity: 'warning' })]);
    const samples: JsonValue = [
      { temperature_celsius: 33, recording_time_delta_milliseconds: 1e300 },
      { temperature_celsius: 34 },
    ];
    const temperature = { start_time: '2026-03-09T01:00:00Z', measurement_type: 'TM_SKIN_TEMPERATURE', samples };
    const temperatures = map('body_temperature', temperature);
    expect(temperatures.batch.points.map(({ value }) => value)).toEqual([34]);
    expect(temperatures.problems).toEqual([expect.objectContaining({ message: 'has an impossible time' })]);
  });

  it('keep the last value of a repeated time', () => {
    const heart_rate_samples = [
      { heart_rate: 60, sample_time: '00:00:05' },
      { heart_rate: 70, sample_time: '00:01' },
      { heart_rate: 61, sample_time: '00:00:05' },
      { heart_rate: 99, sample_time: '' },
    ];
    const { batch } = map('continuous_hr', { date: '2026-03-09', heart_rate_samples });
    expect(batch.points.map(({ recordedAt, value }) => [formatInstant(recordedAt), value])).toEqual([
      ['2026-03-08T23:00:05Z', 61],
      ['2026-03-08T23:01:00Z', 70],
    ]);
  });
});

describe('scores', () => {
  it('know only the grades that there are', () => {
    const recharge = { date: '2026-03-09', nightly_recharge_status: 6, ans_charge: -10 };
    expect(map('nightly_recharge', recharge).batch.scores[0]).toMatchObject({ value: 6, qualifier: 'very good' });
    const wrong: JsonObject[] = [{ nightly_recharge_status: 7 }, { ans_charge: 10.5 }, { ans_charge_status: 0 }];
    expect(map('nightly_recharge', ...wrong.map((one) => ({ ...recharge, ...one }))).problems).toHaveLength(3);
  });

  it('leave out words they do not know', () => {
    const alertness = {
      grade: 5,
      grade_type: 'GRADE_TYPE_PRIMARY',
      grade_classification: 'GRADE_CLASSIFICATION_HEROIC',
      sleep_inertia: 'constructor',
      period_start_time: '2026-03-09T05:55:00Z',
      sleep_timezone_offset_minutes: 5000,
    };
    const { batch } = map('alertness', alertness, { ...alertness, grade_type: 'GRADE_TYPE_ADDITIONAL' });
    expect(batch.scores).toEqual([
      expect.objectContaining({ value: 5, qualifier: null, components: null, zoneOffset: null }),
    ]);
    expect(map('circadian_bedtime', { quality: 'toString', period_start_time: '2026-03-09' }).batch.scores).toEqual([]);
  });
});
