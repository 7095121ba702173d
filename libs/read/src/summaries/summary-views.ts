import { formatZoneOffset, type LocalDate } from '#libs/model';
import { sourceView, type SourceView } from '../source/source-view.js';
import type { ActivityDay } from './activity-day.js';
import { type ExplanationView, explanationView, rankedSourceView } from './explanation.js';
import type { RecoveryDay } from './recovery-summary.reader.js';
import { roundHalfEven } from './rounding.js';
import type { Vital } from './night-vitals.js';
import { sessionSeconds } from './sleep-night.js';
import type { Choice } from './source-choice.js';
import type { SleepNightSummary } from './sleep-summary.reader.js';

/** One day of activity on the wire. */
export interface ActivitySummaryView {
  readonly date: LocalDate;
  readonly source: SourceView;
  readonly steps: number;
  readonly distance_meters: number | null;
  readonly floors_climbed: number | null;
  readonly elevation_meters: number | null;
  readonly active_calories_kcal: number;
  readonly total_calories_kcal: number;
  readonly active_minutes: number | null;
  readonly sedentary_minutes: number | null;
  readonly intensity_minutes: { readonly light: number; readonly moderate: number; readonly vigorous: number } | null;
  readonly heart_rate: { readonly avg_bpm: number; readonly max_bpm: number; readonly min_bpm: number } | null;
  readonly explain?: ExplanationView;
}

export const activityView = (day: ActivityDay, explain: boolean): ActivitySummaryView => ({
  date: day.date,
  source: rankedSourceView(day.source),
  steps: day.steps,
  distance_meters: day.distanceMeters,
  floors_climbed: day.floorsClimbed,
  elevation_meters: day.elevationMeters,
  active_calories_kcal: day.activeCalories,
  total_calories_kcal: day.totalCalories,
  active_minutes: day.activeMinutes,
  sedentary_minutes: day.sedentaryMinutes,
  intensity_minutes: day.intensity,
  heart_rate: day.heartRate && {
    avg_bpm: day.heartRate.avg,
    max_bpm: day.heartRate.max,
    min_bpm: day.heartRate.min,
  },
  ...(explain ? { explain: explanationView(day.choices) } : {}),
});

/** One night on the wire. */
export interface SleepSummaryView {
  readonly date: LocalDate;
  readonly source: SourceView;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly zone_offset: string | null;
  readonly duration_minutes: number;
  readonly total_duration_minutes: number;
  readonly time_in_bed_minutes: number | null;
  readonly efficiency_percent: number | null;
  readonly stages: {
    readonly awake_minutes: number | null;
    readonly light_minutes: number | null;
    readonly deep_minutes: number | null;
    readonly rem_minutes: number | null;
  } | null;
  readonly interruptions_count: null;
  readonly nap_count: number | null;
  readonly nap_duration_minutes: number | null;
  readonly sessions: readonly SleepSummarySessionView[];
  readonly avg_heart_rate_bpm: number | null;
  readonly avg_hrv_sdnn_ms: number | null;
  readonly avg_hrv_rmssd_ms: number | null;
  readonly avg_respiratory_rate: number | null;
  readonly avg_spo2_percent: number | null;
  readonly explain?: ExplanationView;
}

export interface SleepSummarySessionView {
  readonly start_time: string;
  readonly end_time: string;
  readonly zone_offset: string | null;
  readonly duration_minutes: number;
  readonly is_nap: boolean;
}

export function sleepView(night: SleepNightSummary, explain: boolean): SleepSummaryView {
  const { longest, stages, vitals } = night;
  const minutes = Math.trunc(night.mainSeconds / 60);
  return {
    date: night.date,
    source: rankedSourceView(night.source),
    start_time: longest?.started_at ?? null,
    end_time: longest?.ended_at ?? null,
    zone_offset: longest ? formatZoneOffset(longest.zone_offset) : null,
    duration_minutes: minutes,
    total_duration_minutes: minutes + (night.napMinutes ?? 0),
    time_in_bed_minutes: night.timeInBedMinutes,
    efficiency_percent: night.efficiencyPercent,
    stages: stages && {
      awake_minutes: stages.awake,
      light_minutes: stages.light,
      deep_minutes: stages.deep,
      rem_minutes: stages.rem,
    },
    interruptions_count: null,
    nap_count: night.napCount,
    nap_duration_minutes: night.napMinutes,
    sessions: night.events.map((event) => ({
      start_time: event.started_at,
      end_time: event.ended_at,
      zone_offset: formatZoneOffset(event.zone_offset),
      duration_minutes: Math.trunc(sessionSeconds(event) / 60),
      is_nap: event.is_nap === true,
    })),
    avg_heart_rate_bpm: vitals.heartRate && roundHalfEven(vitals.heartRate.value),
    avg_hrv_sdnn_ms: vitals.hrvSdnn?.value ?? null,
    avg_hrv_rmssd_ms: vitals.hrvRmssd?.value ?? null,
    avg_respiratory_rate: vitals.respiratoryRate?.value ?? null,
    avg_spo2_percent: vitals.spo2?.value ?? null,
    ...(explain ? { explain: explanationView(nightChoices(night)) } : {}),
  };
}

const VITAL_NAMES = {
  heartRate: 'heart_rate',
  hrvSdnn: 'hrv_sdnn',
  hrvRmssd: 'hrv_rmssd',
  respiratoryRate: 'respiratory_rate',
  spo2: 'spo2',
} as const satisfies Record<Vital, string>;

function nightChoices({ choice, vitals }: SleepNightSummary): Record<string, Choice> {
  const choices: Record<string, Choice> = { sleep: choice };
  for (const [vital, name] of Object.entries(VITAL_NAMES)) {
    const average = vitals[vital as Vital];
    if (average) choices[name] = average.choice;
  }
  return choices;
}

/** One day's recovery on the wire. The field named after SDNN holds RMSSD, as clients know it. */
export interface RecoverySummaryView {
  readonly date: LocalDate;
  readonly source: SourceView;
  readonly sleep_duration_seconds: null;
  readonly sleep_efficiency_percent: null;
  readonly resting_heart_rate_bpm: number | null;
  readonly avg_hrv_sdnn_ms: number | null;
  readonly avg_spo2_percent: number | null;
  readonly recovery_score: number | null;
  readonly avg_hrv_rmssd_ms: number | null;
  readonly explain?: ExplanationView;
}

export const recoveryView = (day: RecoveryDay, explain: boolean): RecoverySummaryView => ({
  date: day.date,
  source: recoverySource(day),
  sleep_duration_seconds: null,
  sleep_efficiency_percent: null,
  resting_heart_rate_bpm: day.restingHeartRate,
  avg_hrv_sdnn_ms: day.hrvRmssd,
  avg_spo2_percent: day.spo2,
  recovery_score: day.score,
  avg_hrv_rmssd_ms: day.hrvRmssd,
  ...(explain
    ? {
        explain: {
          recovery_score: { source: recoverySource(day), reason: day.reason, candidates: day.candidates },
        },
      }
    : {}),
});

const recoverySource = (day: RecoveryDay): SourceView =>
  sourceView({
    provider: day.provider,
    source: day.source,
    device_model: day.deviceModel,
    device_type: day.deviceType,
  });
