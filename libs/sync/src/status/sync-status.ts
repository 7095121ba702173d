import type { JsonObject } from '#libs/model';

/** Why data was fetched or came. */
export const SYNC_SOURCES = ['pull', 'webhook', 'sdk', 'backfill', 'xml_import', 'linked_account'] as const;
export type SyncSource = (typeof SYNC_SOURCES)[number];

/** How far a run has come. */
export const SYNC_STAGES = [
  'queued',
  'started',
  'fetching',
  'processing',
  'saving',
  'completed',
  'failed',
  'cancelled',
] as const;
export type SyncStage = (typeof SYNC_STAGES)[number];

/** How it went until now. */
export const SYNC_STATUSES = ['in_progress', 'success', 'partial', 'failed', 'cancelled', 'skipped'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** Stages a run goes through between its start and its end. */
export type SyncStep = Exclude<SyncStage, 'started' | 'completed' | 'failed' | 'cancelled'>;

/** How a run can end. `skipped`: a delivery that brought nothing. */
export type SyncEnd = Exclude<SyncStatus, 'in_progress'>;

/** What events and runs tell alike. All instants are UTC. */
export interface SyncFacts {
  readonly run_id: string;
  readonly user_id: string;
  readonly provider: string;
  readonly source: SyncSource;
  readonly stage: SyncStage;
  readonly status: SyncStatus;
  readonly message: string | null;
  /** 0..1 */
  readonly progress: number | null;
  readonly items_processed: number | null;
  readonly items_total: number | null;
  readonly error: string | null;
  /** The user whose run fetched the data, when this one belongs to a linked account. */
  readonly primary_user_id: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** One thing that happened in a run. */
export interface SyncEvent extends SyncFacts {
  readonly event_id: string;
  readonly metadata: JsonObject;
  readonly timestamp: string;
}

/** A run as its latest event left it. */
export interface SyncRun extends SyncFacts {
  readonly last_update: string;
}

/** A run that begins. */
export interface NewSyncRun {
  /** Unique; `newRunId` makes one. */
  readonly runId: string;
  readonly userId: string;
  readonly provider: string;
  readonly source: SyncSource;
  readonly message?: string | null;
  readonly itemsTotal?: number | null;
  readonly primaryUserId?: string | null;
  readonly metadata?: JsonObject;
}

/** A step of a run. */
export interface SyncProgress {
  readonly stage: SyncStep;
  readonly message?: string | null;
  /** 0..1 */
  readonly progress?: number | null;
  readonly itemsProcessed?: number | null;
  readonly itemsTotal?: number | null;
  readonly metadata?: JsonObject;
}

/** The end of a run. */
export interface SyncFinish {
  readonly status: SyncEnd;
  readonly message?: string | null;
  /** Only of a failed or partial run. */
  readonly error?: string | null;
  readonly itemsProcessed?: number | null;
  readonly itemsTotal?: number | null;
  readonly metadata?: JsonObject;
}

/** The stage that belongs to the end of a run. */
export const endStage = (status: SyncEnd): SyncStage =>
  status === 'failed' || status === 'cancelled' ? status : 'completed';
