import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject } from '#libs/model';
import type { MenstrualCycleView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';

export class MenstrualCycleAnswer implements MenstrualCycleView {
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

  @Shown.int({ nullable: true })
  current_phase!: number | null;

  @Shown.text({ nullable: true })
  current_phase_type!: string | null;

  @Shown.int({ nullable: true })
  day_in_cycle!: number | null;

  @Shown.int({ nullable: true, description: 'Days' })
  cycle_length!: number | null;

  @Shown.int({ nullable: true, description: 'Days' })
  predicted_cycle_length!: number | null;

  @Shown.flag({ nullable: true })
  is_predicted_cycle!: boolean | null;

  @Shown.int({ nullable: true, description: 'Days' })
  period_length!: number | null;

  @Shown.int({ nullable: true, description: 'Days' })
  length_of_current_phase!: number | null;

  @Shown.int({ nullable: true })
  days_until_next_phase!: number | null;

  @Shown.int({ nullable: true, description: 'Day in the cycle' })
  fertile_window_start!: number | null;

  @Shown.int({ nullable: true, description: 'Days' })
  length_of_fertile_window!: number | null;

  @Shown.timestamp({ nullable: true })
  last_updated_at!: string | null;

  @Shown.flag({ nullable: true })
  has_specified_cycle_length!: boolean | null;

  @Shown.flag({ nullable: true })
  has_specified_period_length!: boolean | null;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, nullable: true })
  pregnancy_snapshot!: JsonObject[] | null;
}

export class MenstrualCyclePageAnswer extends PagedOf(MenstrualCycleAnswer) {}
