import type { Account } from '../cloud/account.js';
import { secondsIn, STAGE_MINUTES, type Day, type Night, type Stage, type Workout } from '../people/facts.js';
import { sleepingBpm } from '../people/heart-rate.js';
import { HOUR_MS, MINUTE_MS, zonedText } from '../people/local-time.js';

type Dated = Record<string, unknown> & { readonly day: string };

const PHASES: Readonly<Record<Stage, string>> = { deep: '1', light: '2', rem: '3', awake: '4' };
const ACTIVITIES = { strength: 'strengthTraining' } as Readonly<Record<string, string>>;
const SAMPLE_SECONDS = STAGE_MINUTES * 60;

export function sleepRecord(account: Account, night: Night): Dated {
  const [bedtime_start, bedtime_end] = [night.startMs, night.endMs].map((ms) => zonedText(ms, night.zoneMinutes));
  const [deep, light, rem, awake] = (['deep', 'light', 'rem', 'awake'] as const).map((stage) =>
    secondsIn(night, stage),
  );
  const inBed = (night.endMs - night.startMs) / 1000;
  const { person } = account.life;
  const samples = (value: (at: number) => number): object => ({
    interval: SAMPLE_SECONDS,
    items: night.stages.map((_, at) => (at === 0 ? null : Math.round(value(at)))),
    timestamp: bedtime_start,
  });
  return {
    ...{ id: account.idOf(night.key), day: night.date, period: night.isNap ? 1 : 0, bedtime_start, bedtime_end },
    type: night.isNap ? 'late_nap' : 'long_sleep',
    ...{ time_in_bed: inBed, total_sleep_duration: inBed - awake!, deep_sleep_duration: deep },
    ...{ light_sleep_duration: light, rem_sleep_duration: rem, awake_time: awake, latency: 600 },
    ...{ efficiency: Math.round(100 * (1 - awake! / inBed)), average_breath: night.breathsPerMinute },
    ...{ average_heart_rate: night.restingHeartRate + 4, average_hrv: Math.round(night.hrvMs) },
    ...{ lowest_heart_rate: night.restingHeartRate, sleep_phase_30_sec: null },
    sleep_phase_5_min: night.stages.map((stage) => PHASES[stage]).join(''),
    heart_rate: samples((at) => sleepingBpm(person, night, night.startMs + at * SAMPLE_SECONDS * 1000)),
    hrv: samples((at) => night.hrvMs + person.between(-12, 12, 'hrv', night.date, at)),
  };
}

export function activityRecord(account: Account, day: Day): Dated {
  return {
    ...{ id: account.idOf(`daily_activity-${day.key}`), day: day.date, score: day.score },
    timestamp: zonedText(account.life.person.at(day.date, 0) + 4 * HOUR_MS, day.zoneMinutes),
    ...{ active_calories: day.activeKcal, total_calories: day.totalKcal, steps: day.steps },
    ...{ equivalent_walking_distance: day.distanceMeters, high_activity_time: day.highSeconds },
    ...{ medium_activity_time: day.mediumSeconds, low_activity_time: day.lowSeconds },
    contributors: { meet_daily_targets: day.score, stay_active: Math.min(100, day.score + 5) },
  };
}

export function workoutRecord(account: Account, workout: Workout): Dated {
  const [start_datetime, end_datetime] = [workout.startMs, workout.endMs].map((ms) =>
    zonedText(ms, workout.zoneMinutes),
  );
  return {
    ...{ id: account.idOf(workout.key), activity: ACTIVITIES[workout.sport] ?? workout.sport, calories: workout.kcal },
    ...{ day: start_datetime!.slice(0, 10), distance: workout.distanceMeters || null, start_datetime, end_datetime },
    ...{ intensity: workout.strain > 12 ? 'hard' : 'moderate', label: null, source: 'confirmed' },
  };
}

/** What is known of the person on the morning after a night, once per date. */
export const nightlyRecords: Readonly<Record<string, (account: Account, night: Night) => Dated>> = {
  daily_sleep: (account, night) => ({
    ...named(account, 'daily_sleep', night),
    ...{ timestamp: `${night.date}T00:00:00+00:00`, score: night.score },
    contributors: { deep_sleep: night.score, efficiency: Math.min(100, night.score + 4), total_sleep: night.recovery },
  }),
  daily_readiness: (account, night) => ({
    ...named(account, 'daily_readiness', night),
    ...{ timestamp: `${night.date}T00:00:00+00:00`, score: night.recovery },
    temperature_deviation: Number((night.skinTemperatureCelsius - 33.6).toFixed(2)),
    temperature_trend_deviation: 0.05,
    contributors: { resting_heart_rate: night.recovery, previous_night: night.score, hrv_balance: null },
  }),
  daily_spo2: (account, night) => ({
    ...named(account, 'daily_spo2', night),
    ...{ spo2_percentage: { average: night.spo2Percent }, breathing_disturbance_index: 3 },
  }),
  daily_cardiovascular_age: (account, night) => ({
    day: night.date,
    vascular_age: account.life.person.habits.age - 2,
  }),
  vO2_max: (account, night) => ({
    ...named(account, 'vo2_max', night),
    timestamp: zonedText(night.toldAtMs + 30 * MINUTE_MS, night.zoneMinutes),
    vo2_max: Number(account.life.person.between(34, 56, 'vo2').toFixed(1)),
  }),
};

const named = (account: Account, name: string, night: Night): { id: string; day: string } => ({
  id: account.idOf(`${name}-${night.key}`),
  day: night.date,
});
