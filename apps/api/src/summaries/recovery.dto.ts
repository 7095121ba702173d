import type { RecoverySummaryView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';
import { Explanation, type MetricChoiceAnswer } from './explanation.dto.js';

export class RecoverySummaryAnswer implements RecoverySummaryView {
  @Shown.date()
  date!: string;

  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.int({ nullable: true, description: 'Always null' })
  sleep_duration_seconds!: null;

  @Shown.number({ nullable: true, description: 'Always null' })
  sleep_efficiency_percent!: null;

  @Shown.int({ nullable: true })
  resting_heart_rate_bpm!: number | null;

  @Shown.number({ nullable: true, description: 'Holds RMSSD, as clients know it; see avg_hrv_rmssd_ms' })
  avg_hrv_sdnn_ms!: number | null;

  @Shown.number({ nullable: true })
  avg_spo2_percent!: number | null;

  @Shown.int({ nullable: true, minimum: 0, maximum: 100 })
  recovery_score!: number | null;

  @Shown.number({ nullable: true })
  avg_hrv_rmssd_ms!: number | null;

  @Explanation()
  explain?: Record<string, MetricChoiceAnswer>;
}

export class RecoverySummaryPageAnswer extends PagedOf(RecoverySummaryAnswer) {}
