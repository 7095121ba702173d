import { SLEEP_STAGES, type SleepStage } from '#libs/model';
import type { SleepDetailView, SleepStageIntervalView, SleepStagesView, SleepView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';

class SleepStageMinutesAnswer implements SleepStagesView {
  @Shown.int()
  awake_minutes!: number;

  @Shown.int()
  light_minutes!: number;

  @Shown.int()
  deep_minutes!: number;

  @Shown.int()
  rem_minutes!: number;
}

class SleepStageIntervalAnswer implements SleepStageIntervalView {
  @Shown.oneOf(SLEEP_STAGES)
  stage!: SleepStage;

  @Shown.timestamp()
  start_time!: string;

  @Shown.timestamp()
  end_time!: string;
}

export class SleepAnswer implements SleepView {
  @Shown.uuid()
  id!: string;

  @Shown.timestamp()
  start_time!: string;

  @Shown.timestamp()
  end_time!: string;

  @Shown.text({ nullable: true })
  zone_offset!: string | null;

  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.int()
  duration_seconds!: number;

  @Shown.int({ nullable: true, description: 'Time asleep' })
  sleep_duration_seconds!: number | null;

  @Shown.number({ nullable: true, minimum: 0, maximum: 100 })
  efficiency_percent!: number | null;

  @Shown.object(() => SleepStageMinutesAnswer, { nullable: true })
  stages!: SleepStageMinutesAnswer | null;

  @Shown.list(() => SleepStageIntervalAnswer, { nullable: true })
  sleep_stage_intervals!: SleepStageIntervalAnswer[] | null;

  @Shown.flag()
  is_nap!: boolean;
}

export class SleepPageAnswer extends PagedOf(SleepAnswer) {}

export class SleepDetailAnswer extends SleepAnswer implements SleepDetailView {
  @Shown.date({ description: 'Day the night belongs to: the local date on which it ends' })
  local_date!: string;

  @Shown.int({ nullable: true })
  time_in_bed_minutes!: number | null;
}
