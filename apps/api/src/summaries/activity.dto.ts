import type { ActivitySummaryView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';
import { WireString } from '../http/wire/wire.js';
import { Explanation, type MetricChoiceAnswer } from './explanation.dto.js';
import { SummaryParameters } from './summary-query.dto.js';

export class ActivityParameters extends SummaryParameters {
  @WireString({ default: 'asc', pattern: /^(asc|desc)$/, description: 'Order of the dates: asc or desc' })
  sortOrder!: 'asc' | 'desc';
}

class IntensityAnswer {
  @Shown.int({ nullable: true, description: 'Minutes from 50 % of the maximum heart rate' })
  light!: number;

  @Shown.int({ nullable: true, description: 'Minutes above 63 %' })
  moderate!: number;

  @Shown.int({ nullable: true, description: 'Minutes above 76 %' })
  vigorous!: number;
}

class HeartRateAnswer {
  @Shown.int({ nullable: true })
  avg_bpm!: number;

  @Shown.int({ nullable: true })
  max_bpm!: number;

  @Shown.int({ nullable: true })
  min_bpm!: number;
}

export class ActivitySummaryAnswer implements ActivitySummaryView {
  @Shown.date()
  date!: string;

  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.int({ nullable: true })
  steps!: number;

  @Shown.number({ nullable: true })
  distance_meters!: number | null;

  @Shown.int({ nullable: true })
  floors_climbed!: number | null;

  @Shown.number({ nullable: true, description: 'Climbed in workouts that ended on the date' })
  elevation_meters!: number | null;

  @Shown.number({ nullable: true })
  active_calories_kcal!: number;

  @Shown.number({ nullable: true, description: 'Active and basal energy' })
  total_calories_kcal!: number;

  @Shown.int({ nullable: true })
  active_minutes!: number | null;

  @Shown.int({ nullable: true })
  sedentary_minutes!: number | null;

  @Shown.object(() => IntensityAnswer, { nullable: true })
  intensity_minutes!: IntensityAnswer | null;

  @Shown.object(() => HeartRateAnswer, { nullable: true })
  heart_rate!: HeartRateAnswer | null;

  @Explanation()
  explain?: Record<string, MetricChoiceAnswer>;
}

export class ActivitySummaryPageAnswer extends PagedOf(ActivitySummaryAnswer) {}
