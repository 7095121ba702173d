import { between, chance, oneOf, wholeBetween } from './chance.js';
import { dateMs, DAY_MS, HOUR_MS, isSummer, MINUTE_MS, type SummerTime } from './local-time.js';

export type Sport = 'running' | 'cycling' | 'swimming' | 'strength' | 'yoga' | 'walking';

/** What stays the same about somebody. */
export interface Habits {
  /** In winter. */
  readonly homeZoneMinutes: number;
  readonly summerTime: SummerTime;
  /** Local minutes after 18:00 at which the light goes off. */
  readonly bedMinutes: number;
  readonly sleepMinutes: number;
  readonly restingHeartRate: number;
  readonly maximumHeartRate: number;
  readonly weightKg: number;
  readonly heightM: number;
  readonly age: number;
  readonly sex: 'female' | 'male';
  readonly stepsPerDay: number;
  /** Share of days with a workout. */
  readonly workoutShare: number;
  readonly sports: readonly Sport[];
}

const HOMES: readonly (readonly [zoneMinutes: number, SummerTime])[] = [
  [-480, 'america'],
  [-300, 'america'],
  [-180, 'none'],
  [0, 'europe'],
  [60, 'europe'],
  [120, 'europe'],
  [330, 'none'],
  [540, 'none'],
];
const SPORTS: readonly Sport[] = ['running', 'cycling', 'swimming', 'strength', 'yoga', 'walking'];
const JOURNEY_DAYS = 6;
const DAYS_BETWEEN_JOURNEYS = 45;

/** Somebody who sleeps, works and trains as `seed` and number say, in every vendor's cloud alike. */
export class Person {
  readonly habits: Habits;
  private readonly names: readonly (string | number)[];

  constructor(seed: string, number: number) {
    this.names = [seed, number];
    const [homeZoneMinutes, summerTime] = oneOf(HOMES, 'zone', ...this.names);
    this.habits = {
      homeZoneMinutes,
      summerTime,
      bedMinutes: wholeBetween(3.5 * 60, 6.5 * 60, 'bed', ...this.names),
      sleepMinutes: wholeBetween(380, 510, 'sleep', ...this.names),
      restingHeartRate: wholeBetween(46, 64, 'resting', ...this.names),
      maximumHeartRate: wholeBetween(172, 197, 'maximum', ...this.names),
      weightKg: Math.round(between(52, 96, 'weight', ...this.names) * 10) / 10,
      heightM: Math.round(between(1.55, 1.96, 'height', ...this.names) * 1000) / 1000,
      age: wholeBetween(19, 67, 'age', ...this.names),
      sex: oneOf(['female', 'male'], 'sex', ...this.names),
      stepsPerDay: wholeBetween(5_000, 12_500, 'steps', ...this.names),
      workoutShare: between(0.35, 0.8, 'workouts', ...this.names),
      sports: SPORTS.filter((sport) => chance('likes', sport, ...this.names) < 0.55 || sport === 'running'),
    };
  }

  /** Chance that belongs to this person and these names. */
  chance(...names: readonly (string | number)[]): number {
    return chance(...names, ...this.names);
  }

  between(low: number, high: number, ...names: readonly (string | number)[]): number {
    return between(low, high, ...names, ...this.names);
  }

  wholeBetween(low: number, high: number, ...names: readonly (string | number)[]): number {
    return wholeBetween(low, high, ...names, ...this.names);
  }

  oneOf<T>(choices: readonly T[], ...names: readonly (string | number)[]): T {
    return oneOf(choices, ...names, ...this.names);
  }

  /** Minutes east of UTC on a date: at home in winter or summer, or a few hours away on one of the journeys. */
  zoneOn(date: string): number {
    const day = Math.floor(dateMs(date) / DAY_MS) + this.wholeBetween(0, DAYS_BETWEEN_JOURNEYS, 'journey');
    const isAway = day % DAYS_BETWEEN_JOURNEYS < JOURNEY_DAYS;
    const { homeZoneMinutes, summerTime } = this.habits;
    const home = homeZoneMinutes + (isSummer(date, summerTime) ? 60 : 0);
    return home + (isAway ? this.oneOf([-180, 60, 180], 'away') : 0);
  }

  /** The instant of a wall clock time on a date. */
  at(date: string, localHours: number): number {
    const ms = dateMs(date) + Math.round(localHours * HOUR_MS) - this.zoneOn(date) * MINUTE_MS;
    return Math.floor(ms / 1000) * 1000;
  }
}
