import { roundTenthHalfEven } from './rounding.js';
import type { Reading } from './body-values.js';
import type { RankedSource } from './ranked-sources.js';
import type { Choice } from './source-choice.js';

export interface Measured {
  readonly value: number;
  readonly at: string;
}

/** Units: kg, cm, percent, kg/m², bpm, ms, °C, mmHg. */
export interface BodySummary {
  readonly source: RankedSource | null;
  readonly weight: number | null;
  readonly height: number | null;
  readonly bodyFatPercent: number | null;
  readonly muscleMass: number | null;
  readonly bmi: number | null;
  readonly restingHeartRate: number | null;
  readonly hrvSdnn: number | null;
  readonly hrvRmssd: number | null;
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly bodyTemperature: Measured | null;
  readonly skinTemperature: Measured | null;
  readonly bloodPressure: { readonly systolic: number; readonly diastolic: number; readonly at: string } | null;
  /** Which source each value came from, and why. */
  readonly choices: Readonly<Record<string, Choice>>;
}

/** Of equally new readings the first. */
export const newestOf = (readings: readonly (Reading | null)[]): Reading | null =>
  readings.reduce((best, reading) => (reading && (!best || reading.at > best.at) ? reading : best), null);

/** kg/m² to one decimal; null where a measure is missing or zero. */
export const bmiOf = (weight: number | undefined, height: number | undefined): number | null =>
  weight !== undefined && height !== undefined && height > 0 ? roundTenthHalfEven(weight / (height / 100) ** 2) : null;

/** Whether nothing is known that counts: BMI alone does not, neither do zeros. */
export const isEmpty = (body: BodySummary): boolean =>
  !body.weight &&
  !body.height &&
  !body.bodyFatPercent &&
  !body.muscleMass &&
  !body.restingHeartRate &&
  !body.hrvSdnn &&
  !body.hrvRmssd &&
  !body.bodyTemperature?.value &&
  !body.skinTemperature?.value &&
  !body.bloodPressure;
