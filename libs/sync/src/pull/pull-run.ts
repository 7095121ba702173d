import type { CloudConnection } from '#libs/cloud';
import type { Instant, JsonObject } from '#libs/model';
import type { SkippedRows } from './skipped-rows.js';

/** Whether everything is pulled, or only what no webhook announces. */
export type PullScope = 'all' | 'unannounced';

/** What one resource brought, in all windows so far. */
export interface ResourceTally {
  readonly records: number;
  readonly inserted: number;
  readonly updated: number;
  /** Records left out. */
  readonly dropped: number;
  /** Records, and parts of records, left out; not there: none. */
  readonly skipped?: SkippedRows;
  /** Why it is not complete; for operators and callers, never the vendor's text. */
  readonly error?: string;
  /** The trouble may pass by itself. */
  readonly isPassing?: boolean;
  /** Done in the window at hand. */
  readonly isDone?: boolean;
}

/** How far a run has come. */
export interface PullProgress {
  readonly resources: Readonly<Record<string, ResourceTally>>;
}

/** One run as its job takes it in hand. */
export interface PullRun {
  readonly id: string;
  readonly kind: 'live' | 'historical';
  readonly scope: PullScope;
  readonly runId: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly windowsDone: number;
  readonly progress: PullProgress;
  readonly attempts: number;
  readonly connection: CloudConnection;
  /** From when on live data is wanted. */
  readonly liveFrom: Instant;
}

export interface RequestedPull {
  readonly taskId: string;
  readonly runId: string;
}

export type PullSource = 'pull' | 'backfill' | 'linked_account';
export type TaskResult = JsonObject;

export const NOTHING_YET: ResourceTally = { records: 0, inserted: 0, updated: 0, dropped: 0 };
