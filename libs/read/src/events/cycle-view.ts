import { formatZoneOffset, type JsonObject, type JsonValue } from '#libs/model';
import { type SourceView, sourceView } from '../source/source-view.js';
import type { EventColumns, EventShape } from './event-page.repository.js';

/** A menstrual cycle; lengths and days in days, null = not known. */
export interface MenstrualCycleView {
  readonly id: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly zone_offset: string | null;
  readonly source: SourceView;
  readonly current_phase: number | null;
  readonly current_phase_type: string | null;
  readonly day_in_cycle: number | null;
  readonly cycle_length: number | null;
  readonly predicted_cycle_length: number | null;
  readonly is_predicted_cycle: boolean | null;
  readonly period_length: number | null;
  readonly length_of_current_phase: number | null;
  readonly days_until_next_phase: number | null;
  readonly fertile_window_start: number | null;
  readonly length_of_fertile_window: number | null;
  readonly last_updated_at: string | null;
  readonly has_specified_cycle_length: boolean | null;
  readonly has_specified_period_length: boolean | null;
  readonly pregnancy_snapshot: readonly JsonObject[] | null;
}

export interface CycleRow extends EventColumns {
  /** Keyed by the wire's field names. */
  detail: JsonObject | null;
}

export const CYCLE_SHAPE: EventShape = {
  category: 'menstrual_cycle',
  columns: 'c.detail',
  joins: 'LEFT JOIN menstrual_cycle_detail c ON c.user_key = e.user_key AND c.event_id = e.id',
};

/** A stored detail of another type than the wire's shows as null. */
export function cycleView(row: CycleRow): MenstrualCycleView {
  const detail = row.detail ?? {};
  const number = (name: string): number | null => (typeof detail[name] === 'number' ? detail[name] : null);
  const text = (name: string): string | null => (typeof detail[name] === 'string' ? detail[name] : null);
  const flag = (name: string): boolean | null => (typeof detail[name] === 'boolean' ? detail[name] : null);
  return {
    id: row.id,
    start_time: row.started_at,
    end_time: row.ended_at,
    zone_offset: formatZoneOffset(row.zone_offset),
    source: sourceView(row),
    current_phase: number('current_phase'),
    current_phase_type: text('current_phase_type'),
    day_in_cycle: number('day_in_cycle'),
    cycle_length: number('cycle_length'),
    predicted_cycle_length: number('predicted_cycle_length'),
    is_predicted_cycle: flag('is_predicted_cycle'),
    period_length: number('period_length'),
    length_of_current_phase: number('length_of_current_phase'),
    days_until_next_phase: number('days_until_next_phase'),
    fertile_window_start: number('fertile_window_start'),
    length_of_fertile_window: number('length_of_fertile_window'),
    last_updated_at: text('last_updated_at'),
    has_specified_cycle_length: flag('has_specified_cycle_length'),
    has_specified_period_length: flag('has_specified_period_length'),
    pregnancy_snapshot: snapshots(detail['pregnancy_snapshot']),
  };
}

const snapshots = (value: JsonValue | undefined): readonly JsonObject[] | null =>
  Array.isArray(value) ? (value as readonly JsonObject[]) : null;
