import { sourceView, type SourceView } from '../source/source-view.js';
import type { BodySummary } from './body-summary.js';
import { type ExplanationView, explanationView, rankedSourceView } from './explanation.js';

/** Body values on the wire. */
export interface BodySummaryView {
  readonly source: SourceView;
  readonly slow_changing: {
    readonly weight_kg: number | null;
    readonly height_cm: number | null;
    readonly body_fat_percent: number | null;
    readonly muscle_mass_kg: number | null;
    readonly bmi: number | null;
    readonly age: number | null;
  };
  readonly averaged: {
    readonly period_days: number;
    readonly resting_heart_rate_bpm: number | null;
    readonly avg_hrv_sdnn_ms: number | null;
    readonly avg_hrv_rmssd_ms: number | null;
    readonly period_start: string;
    readonly period_end: string;
  };
  readonly latest: {
    readonly body_temperature_celsius: number | null;
    readonly body_temperature_measured_at: string | null;
    readonly skin_temperature_celsius: number | null;
    readonly skin_temperature_measured_at: string | null;
    readonly blood_pressure: BloodPressureView | null;
    readonly blood_pressure_measured_at: string | null;
  };
  readonly explain?: ExplanationView;
}

export interface BloodPressureView {
  readonly avg_systolic_mmhg: number;
  readonly avg_diastolic_mmhg: number;
  readonly max_systolic_mmhg: null;
  readonly max_diastolic_mmhg: null;
  readonly min_systolic_mmhg: null;
  readonly min_diastolic_mmhg: null;
  readonly reading_count: number;
}

const NO_SOURCE = { provider: 'unknown', source: null, device_model: null, device_type: null };

export const bodyView = (
  body: BodySummary,
  age: number | null,
  periodDays: number,
  explain: boolean,
): BodySummaryView => ({
  source: body.source ? rankedSourceView(body.source) : sourceView(NO_SOURCE),
  slow_changing: {
    weight_kg: body.weight,
    height_cm: body.height,
    body_fat_percent: body.bodyFatPercent,
    muscle_mass_kg: body.muscleMass,
    bmi: body.bmi,
    age,
  },
  averaged: {
    period_days: periodDays,
    resting_heart_rate_bpm: body.restingHeartRate,
    avg_hrv_sdnn_ms: body.hrvSdnn,
    avg_hrv_rmssd_ms: body.hrvRmssd,
    period_start: body.periodStart,
    period_end: body.periodEnd,
  },
  latest: {
    body_temperature_celsius: body.bodyTemperature?.value ?? null,
    body_temperature_measured_at: body.bodyTemperature?.at ?? null,
    skin_temperature_celsius: body.skinTemperature?.value ?? null,
    skin_temperature_measured_at: body.skinTemperature?.at ?? null,
    blood_pressure: body.bloodPressure && {
      avg_systolic_mmhg: body.bloodPressure.systolic,
      avg_diastolic_mmhg: body.bloodPressure.diastolic,
      max_systolic_mmhg: null,
      max_diastolic_mmhg: null,
      min_systolic_mmhg: null,
      min_diastolic_mmhg: null,
      reading_count: 1,
    },
    blood_pressure_measured_at: body.bloodPressure?.at ?? null,
  },
  ...(explain ? { explain: explanationView(body.choices) } : {}),
});
