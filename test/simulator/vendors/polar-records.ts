import type { Account } from '../cloud/account.js';
import { chance } from '../people/chance.js';
import { secondsIn, STAGE_MINUTES, type Day, type Night, type Stage, type Workout } from '../people/facts.js';
import { sleepingBpm } from '../people/heart-rate.js';
import { datesBetween, DAY_MS, durationText, MINUTE_MS, utcText, wallText, zonedText } from '../people/local-time.js';

const SPORTS: Readonly<Record<Workout['sport'], readonly [sport: string, detail: string]>> = {
  running: ['RUNNING', 'RUNNING'],
  cycling: ['CYCLING', 'CYCLING'],
  swimming: ['SWIMMING', 'SWIMMING'],
  strength: ['STRENGTH_TRAINING', 'STRENGTH_TRAINING'],
  yoga: ['OTHER', 'YOGA'],
  walking: ['WALKING', 'WALKING'],
};
const STAGES: Readonly<Record<Stage, number>> = { awake: 0, rem: 1, light: 2, deep: 4 };
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';

const userUrl = (account: Account): string => `https://www.polaraccesslink.com/v3/users/${account.id}`;

/** Eight letters, as Polar names exercises. */
export const exerciseId = (account: Account, key: string): string =>
  account.idOf(key, (...names) =>
    Array.from({ length: 8 }, (_, at) => LETTERS[Math.floor(chance('letter', at, ...names) * LETTERS.length)]).join(''),
  );

export function exerciseRecord(account: Account, workout: Workout): object {
  const [sport, detailed_sport_info] = SPORTS[workout.sport];
  return {
    ...{ id: exerciseId(account, workout.key), upload_time: utcText(workout.endMs + MINUTE_MS) },
    ...{ polar_user: userUrl(account), device: 'Polar Vantage V3', device_id: '0A1B2C3D' },
    ...{ start_time: wallText(workout.startMs, workout.zoneMinutes), start_time_utc_offset: workout.zoneMinutes },
    ...{ duration: durationText((workout.endMs - workout.startMs) / 1000), calories: workout.kcal },
    ...(workout.distanceMeters > 0 ? { distance: workout.distanceMeters } : {}),
    heart_rate: { average: workout.averageHeartRate, maximum: workout.maximumHeartRate },
    ...{ training_load: workout.strain * 9, sport, has_route: false, detailed_sport_info },
  };
}

/** `HH:MM` of the wall clock. */
const clock = (ms: number, zoneMinutes: number): string => wallText(ms, zoneMinutes).slice(11, 16);

export function sleepRecord(account: Account, night: Night): object {
  const at = (epoch: number): string => clock(night.startMs + epoch * STAGE_MINUTES * MINUTE_MS, night.zoneMinutes);
  const changes = night.stages.flatMap((stage, epoch) =>
    night.stages[epoch - 1] === stage ? [] : [[at(epoch), STAGES[stage]] as const],
  );
  const beats = night.stages.map((_, epoch) => {
    const ms = night.startMs + epoch * STAGE_MINUTES * MINUTE_MS;
    return [at(epoch), sleepingBpm(account.life.person, night, ms)] as const;
  });
  return {
    ...{ polar_user: userUrl(account), date: night.date, device_id: '0A1B2C3D' },
    sleep_start_time: zonedText(night.startMs, night.zoneMinutes),
    sleep_end_time: zonedText(night.endMs, night.zoneMinutes),
    ...{ continuity: 3.2, continuity_class: 3, sleep_score: night.score, sleep_cycles: 5 },
    ...{
      light_sleep: secondsIn(night, 'light'),
      deep_sleep: secondsIn(night, 'deep'),
      rem_sleep: secondsIn(night, 'rem'),
    },
    ...{ unrecognized_sleep_stage: 0, total_interruption_duration: secondsIn(night, 'awake') },
    ...{ short_interruption_duration: 420, long_interruption_duration: 300, group_duration_score: night.score },
    ...{ group_solidity_score: 82, group_regeneration_score: 80.25 },
    ...{ hypnogram: Object.fromEntries(changes), heart_rate_samples: Object.fromEntries(beats) },
  };
}

export const activityRecord = (day: Day): object => ({
  ...{ start_time: `${day.date}T00:00`, end_time: `${day.date}T23:59`, steps: day.steps, calories: day.totalKcal },
  ...{ active_calories: day.activeKcal, distance_from_steps: day.distanceMeters, inactivity_alert_count: 1 },
  active_duration: durationText(day.highSeconds + day.mediumSeconds + day.lowSeconds),
});

/** One object per date with the beats of its local day. */
export function beatsOfDate(account: Account, first: string, last: string, everyMinutes: number): object[] {
  const { life } = account;
  return datesBetween(first, last).flatMap((date) => {
    const [fromMs, zoneMinutes] = [life.person.at(date, 0), life.person.zoneOn(date)];
    const beats = life.heartRates({ fromMs, toMs: fromMs + DAY_MS }, everyMinutes);
    if (beats.length === 0) return [];
    const samples = beats.map(({ ms, bpm }) => ({ heart_rate: bpm, sample_time: `${clock(ms, zoneMinutes)}:00` }));
    return [{ polar_user: userUrl(account), date, heart_rate_samples: samples }];
  });
}

export const rechargeRecord = (account: Account, night: Night): object => ({
  ...{ polar_user: userUrl(account), date: night.date, heart_rate_avg: night.restingHeartRate + 3 },
  ...{ beat_to_beat_avg: Math.round(60_000 / (night.restingHeartRate + 3)) },
  ...{ heart_rate_variability_avg: Math.round(night.hrvMs), breathing_rate_avg: night.breathsPerMinute },
  nightly_recharge_status: Math.min(6, 1 + Math.floor(night.recovery / 17)),
  ans_charge: Number(((night.recovery - 50) / 6).toFixed(1)),
  ans_charge_status: Math.min(5, 1 + Math.floor(night.recovery / 20)),
});
