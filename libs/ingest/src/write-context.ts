import type { Instant, ProviderCode, RowProblem, WriteCounts } from '#libs/model';

/** What every part of one batch's transaction knows: the resolved sources and when the batch is written. */
export interface WriteContext {
  /** data_source.id by the batch's sourceIndex. */
  readonly sourceIds: readonly string[];
  readonly provider: ProviderCode;
  readonly now: Instant;
  /** False: nothing is announced. */
  readonly announces?: boolean;
}

/** A stream with points that were inserted or changed, and the closed range of their recorded_at. */
export interface TouchedStream {
  readonly streamId: number;
  /** SeriesType.id */
  readonly seriesType: number;
  readonly sourceId: string;
  readonly from: Instant;
  readonly to: Instant;
}

export interface PointsResult {
  readonly counts: WriteCounts;
  readonly problems: readonly RowProblem[];
  readonly touched: readonly TouchedStream[];
}

/** An event that was inserted, changed or moved; its vitals may have to be computed again. */
export interface TouchedEvent {
  readonly id: string;
  readonly category: 'workout' | 'sleep' | 'menstrual_cycle' | 'activity';
  readonly sourceId: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

export interface EventsResult {
  readonly workouts: WriteCounts;
  readonly sleep: WriteCounts;
  readonly cycles: WriteCounts;
  readonly problems: readonly RowProblem[];
  readonly touchedEvents: readonly TouchedEvent[];
}

export interface ScoresResult {
  readonly counts: WriteCounts;
  readonly problems: readonly RowProblem[];
}

export const noCounts = (): WriteCounts => ({ inserted: 0, updated: 0, unchanged: 0 });
