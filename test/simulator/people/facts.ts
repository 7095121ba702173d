import type { Sport } from './person.js';

/** What is told again when it changes. Version 1 is the first telling. */
export interface Versioned {
  /** Unique within the person. */
  readonly key: string;
  readonly version: number;
}

export interface Workout extends Versioned {
  readonly sport: Sport;
  readonly startMs: number;
  readonly endMs: number;
  readonly zoneMinutes: number;
  readonly averageHeartRate: number;
  readonly maximumHeartRate: number;
  readonly kcal: number;
  /** 0 for what does not move. */
  readonly distanceMeters: number;
  readonly climbMeters: number;
  /** 0..21 */
  readonly strain: number;
}

export type Stage = 'awake' | 'light' | 'deep' | 'rem';

/** A night, or a nap by day. */
export interface Night extends Versioned {
  readonly isNap: boolean;
  /** Local date of the morning; of a nap its own. */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly zoneMinutes: number;
  /** When the night was first told of; later versions do not move it. */
  readonly toldAtMs: number;
  /** One per five minutes from the start. */
  readonly stages: readonly Stage[];
  /** 0..100 */
  readonly score: number;
  /** 0..100 */
  readonly recovery: number;
  readonly restingHeartRate: number;
  /** RMSSD in milliseconds. */
  readonly hrvMs: number;
  readonly breathsPerMinute: number;
  readonly spo2Percent: number;
  readonly skinTemperatureCelsius: number;
}

export interface Day extends Versioned {
  readonly date: string;
  readonly zoneMinutes: number;
  readonly steps: number;
  readonly activeKcal: number;
  readonly totalKcal: number;
  readonly distanceMeters: number;
  readonly highSeconds: number;
  readonly mediumSeconds: number;
  readonly lowSeconds: number;
  readonly score: number;
}

export const STAGE_MINUTES = 5;

/** Seconds a night spent in a stage. */
export const secondsIn = (night: Night, stage: Stage): number =>
  night.stages.filter((one) => one === stage).length * STAGE_MINUTES * 60;
