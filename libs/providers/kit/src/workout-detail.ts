import { MAX_VALUE, roundDecimal, type WorkoutDetailInput } from '#libs/model';

const MAX_INTEGER = 2_147_483_647;

interface NumberRule {
  readonly limit: number;
  readonly round: (value: number) => number;
}

const integer: NumberRule = { limit: MAX_INTEGER, round: (value) => roundDecimal(value, 0) };
const wholeUnits: NumberRule = { limit: MAX_INTEGER, round: Math.trunc };
const twoDecimals: NumberRule = { limit: 1000, round: (value) => roundDecimal(value, 2) };
const threeDecimals: NumberRule = { limit: MAX_VALUE, round: (value) => roundDecimal(value) };

type NumberField = {
  [K in keyof WorkoutDetailInput]: WorkoutDetailInput[K] extends number | null ? K : never;
}[keyof WorkoutDetailInput];

const DETAIL_RULES: Readonly<Record<NumberField, NumberRule>> = {
  heartRateMin: integer,
  heartRateMax: integer,
  heartRateAvg: twoDecimals,
  energyBurned: threeDecimals,
  distance: threeDecimals,
  stepsCount: wholeUnits,
  maxSpeed: twoDecimals,
  averageSpeed: twoDecimals,
  maxWatts: threeDecimals,
  averageWatts: threeDecimals,
  averageCadence: twoDecimals,
  movingTimeSeconds: wholeUnits,
  totalElevationGain: threeDecimals,
  elevHigh: threeDecimals,
  elevLow: threeDecimals,
};

/** A workout of which nothing but its times is known. */
export const EMPTY_WORKOUT_DETAIL: WorkoutDetailInput = {
  heartRateMin: null,
  heartRateMax: null,
  heartRateAvg: null,
  energyBurned: null,
  distance: null,
  stepsCount: null,
  maxSpeed: null,
  averageSpeed: null,
  maxWatts: null,
  averageWatts: null,
  averageCadence: null,
  movingTimeSeconds: null,
  totalElevationGain: null,
  elevHigh: null,
  elevLow: null,
  segments: null,
  hrZones: null,
  powerZones: null,
  route: null,
  samples: null,
};

/** The detail as its columns hold it, and the names of the fields left out because their value cannot be stored. */
export function storableDetail(given: WorkoutDetailInput): { detail: WorkoutDetailInput; dropped: readonly string[] } {
  const detail: { -readonly [K in keyof WorkoutDetailInput]: WorkoutDetailInput[K] } = { ...given };
  const dropped: string[] = [];
  for (const field of Object.keys(DETAIL_RULES) as NumberField[]) {
    const value = detail[field];
    if (value === null) continue;
    const rounded = DETAIL_RULES[field].round(value);
    detail[field] = Math.abs(rounded) < DETAIL_RULES[field].limit ? rounded : null;
    if (detail[field] === null) dropped.push(field);
  }
  return { detail, dropped };
}
