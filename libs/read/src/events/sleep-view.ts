import { formatZoneOffset, type SleepStage } from '#libs/model';
import { type SourceView, sourceView } from '../source/source-view.js';
import type { EventColumns, EventShape } from './event-page.repository.js';

export interface SleepStagesView {
  readonly awake_minutes: number;
  readonly light_minutes: number;
  readonly deep_minutes: number;
  readonly rem_minutes: number;
}

export interface SleepStageIntervalView {
  readonly stage: SleepStage;
  readonly start_time: string;
  readonly end_time: string;
}

/** A sleep session as lists show it; null = not known. */
export interface SleepView {
  readonly id: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly zone_offset: string | null;
  readonly source: SourceView;
  readonly duration_seconds: number;
  readonly sleep_duration_seconds: number | null;
  readonly efficiency_percent: number | null;
  readonly stages: SleepStagesView | null;
  readonly sleep_stage_intervals: readonly SleepStageIntervalView[] | null;
  readonly is_nap: boolean;
}

/** A single session: what lists show and the rest that is stored. */
export interface SleepDetailView extends SleepView {
  /** Day the night belongs to: the local date on which it ends. */
  readonly local_date: string;
  readonly time_in_bed_minutes: number | null;
}

export interface SleepRow extends EventColumns {
  local_date: string;
  /** False when the event has no detail row. */
  has_detail: boolean;
  total_minutes: number | null;
  time_in_bed_minutes: number | null;
  efficiency_percent: number | null;
  deep_minutes: number | null;
  rem_minutes: number | null;
  light_minutes: number | null;
  awake_minutes: number | null;
  is_nap: boolean | null;
  stages: SleepStageIntervalView[] | null;
}

export const SLEEP_SHAPE: EventShape = {
  category: 'sleep',
  columns: `e.local_date, s.event_id IS NOT NULL AS has_detail, s.total_minutes, s.time_in_bed_minutes,
    s.efficiency_percent, s.deep_minutes, s.rem_minutes, s.light_minutes, s.awake_minutes, s.is_nap, s.stages`,
  joins: 'LEFT JOIN sleep_detail s ON s.user_key = e.user_key AND s.event_id = e.id',
};

export const sleepView = (row: SleepRow): SleepView => ({
  id: row.id,
  start_time: row.started_at,
  end_time: row.ended_at,
  zone_offset: formatZoneOffset(row.zone_offset),
  source: sourceView(row),
  duration_seconds: row.duration_seconds ?? 0,
  sleep_duration_seconds: row.total_minutes === null ? null : row.total_minutes * 60,
  efficiency_percent: row.efficiency_percent ? Math.min(row.efficiency_percent, 100) : null,
  stages: row.has_detail ? stageMinutes(row) : null,
  // Stored JSON forgets the order of its keys.
  sleep_stage_intervals:
    row.stages?.map(({ stage, start_time, end_time }) => ({ stage, start_time, end_time })) ?? null,
  is_nap: row.is_nap ?? false,
});

export const sleepDetailView = (row: SleepRow): SleepDetailView => ({
  ...sleepView(row),
  local_date: row.local_date,
  time_in_bed_minutes: row.time_in_bed_minutes,
});

const stageMinutes = (row: SleepRow): SleepStagesView => ({
  awake_minutes: row.awake_minutes ?? 0,
  light_minutes: row.light_minutes ?? 0,
  deep_minutes: row.deep_minutes ?? 0,
  rem_minutes: row.rem_minutes ?? 0,
});
