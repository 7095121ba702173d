import type { BloodPressureView, BodySummaryView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { Shown } from '../http/shown.js';
import { WireBool, WireInt } from '../http/wire/wire.js';
import { Explanation, type MetricChoiceAnswer } from './explanation.dto.js';

export class BodyParameters {
  @WireInt({ min: 1, max: 7, default: 7, description: 'Days the averages look back' })
  averagePeriod!: number;

  @WireInt({ min: 1, max: 24, default: 4, description: 'Hours the latest readings look back' })
  latestWindowHours!: number;

  @WireBool({ default: false, description: 'Adds which source each value came from, and why' })
  explain!: boolean;
}

class SlowChangingAnswer {
  @Shown.number({ nullable: true })
  weight_kg!: number | null;

  @Shown.number({ nullable: true })
  height_cm!: number | null;

  @Shown.number({ nullable: true })
  body_fat_percent!: number | null;

  @Shown.number({ nullable: true })
  muscle_mass_kg!: number | null;

  @Shown.number({ nullable: true })
  bmi!: number | null;

  @Shown.int({ nullable: true })
  age!: number | null;
}

class AveragedAnswer {
  @Shown.int()
  period_days!: number;

  @Shown.int({ nullable: true })
  resting_heart_rate_bpm!: number | null;

  @Shown.number({ nullable: true })
  avg_hrv_sdnn_ms!: number | null;

  @Shown.number({ nullable: true })
  avg_hrv_rmssd_ms!: number | null;

  @Shown.timestamp()
  period_start!: string;

  @Shown.timestamp()
  period_end!: string;
}

class BloodPressureAnswer implements BloodPressureView {
  @Shown.int({ nullable: true })
  avg_systolic_mmhg!: number;

  @Shown.int({ nullable: true })
  avg_diastolic_mmhg!: number;

  @Shown.int({ nullable: true })
  max_systolic_mmhg!: null;

  @Shown.int({ nullable: true })
  max_diastolic_mmhg!: null;

  @Shown.int({ nullable: true })
  min_systolic_mmhg!: null;

  @Shown.int({ nullable: true })
  min_diastolic_mmhg!: null;

  @Shown.int({ nullable: true })
  reading_count!: number;
}

class LatestAnswer {
  @Shown.number({ nullable: true })
  body_temperature_celsius!: number | null;

  @Shown.timestamp({ nullable: true })
  body_temperature_measured_at!: string | null;

  @Shown.number({ nullable: true })
  skin_temperature_celsius!: number | null;

  @Shown.timestamp({ nullable: true })
  skin_temperature_measured_at!: string | null;

  @Shown.object(() => BloodPressureAnswer, { nullable: true })
  blood_pressure!: BloodPressureAnswer | null;

  @Shown.timestamp({ nullable: true })
  blood_pressure_measured_at!: string | null;
}

export class BodySummaryAnswer implements BodySummaryView {
  @Shown.object(() => SourceAnswer, { description: 'Of the newest slow-changing value' })
  source!: SourceAnswer;

  @Shown.object(() => SlowChangingAnswer)
  slow_changing!: SlowChangingAnswer;

  @Shown.object(() => AveragedAnswer)
  averaged!: AveragedAnswer;

  @Shown.object(() => LatestAnswer)
  latest!: LatestAnswer;

  @Explanation()
  explain?: Record<string, MetricChoiceAnswer>;
}
