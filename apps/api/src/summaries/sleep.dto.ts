import type { SleepSummarySessionView, SleepSummaryView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';
import { Explanation, type MetricChoiceAnswer } from './explanation.dto.js';

class SleepSummaryStagesAnswer {
  @Shown.int({ nullable: true })
  awake_minutes!: number | null;

  @Shown.int({ nullable: true })
  light_minutes!: number | null;

  @Shown.int({ nullable: true })
  deep_minutes!: number | null;

  @Shown.int({ nullable: true })
  rem_minutes!: number | null;
}

export class SleepSummarySessionAnswer implements SleepSummarySessionView {
  @Shown.timestamp()
  start_time!: string;

  @Shown.timestamp()
  end_time!: string;

  @Shown.text({ nullable: true })
  zone_offset!: string | null;

  @Shown.int()
  duration_minutes!: number;

  @Shown.flag()
  is_nap!: boolean;
}

export class SleepSummaryAnswer implements SleepSummaryView {
  @Shown.date({ description: 'Local date on which the sleep ended' })
  date!: string;

  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.timestamp({ nullable: true, description: 'Of the longest session that is no nap' })
  start_time!: string | null;

  @Shown.timestamp({ nullable: true })
  end_time!: string | null;

  @Shown.text({ nullable: true })
  zone_offset!: string | null;

  @Shown.int({ nullable: true, description: 'Net sleep without naps' })
  duration_minutes!: number;

  @Shown.int({ nullable: true, description: 'Net sleep with naps' })
  total_duration_minutes!: number;

  @Shown.int({ nullable: true })
  time_in_bed_minutes!: number | null;

  @Shown.number({ nullable: true, minimum: 0, maximum: 100 })
  efficiency_percent!: number | null;

  @Shown.object(() => SleepSummaryStagesAnswer, { nullable: true })
  stages!: SleepSummaryStagesAnswer | null;

  @Shown.int({ nullable: true, description: 'Always null' })
  interruptions_count!: null;

  @Shown.int({ nullable: true })
  nap_count!: number | null;

  @Shown.int({ nullable: true })
  nap_duration_minutes!: number | null;

  @Shown.list(() => SleepSummarySessionAnswer, { nullable: true })
  sessions!: SleepSummarySessionAnswer[];

  @Shown.int({ nullable: true })
  avg_heart_rate_bpm!: number | null;

  @Shown.number({ nullable: true })
  avg_hrv_sdnn_ms!: number | null;

  @Shown.number({ nullable: true })
  avg_hrv_rmssd_ms!: number | null;

  @Shown.number({ nullable: true })
  avg_respiratory_rate!: number | null;

  @Shown.number({ nullable: true })
  avg_spo2_percent!: number | null;

  @Explanation()
  explain?: Record<string, MetricChoiceAnswer>;
}

export class SleepSummaryPageAnswer extends PagedOf(SleepSummaryAnswer) {}
