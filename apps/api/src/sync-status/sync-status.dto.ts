import type { JsonObject } from '#libs/model';
import {
  SYNC_SOURCES,
  SYNC_STAGES,
  SYNC_STATUSES,
  type RunFilter,
  type SyncEvent,
  type SyncRun,
  type SyncSource,
  type SyncStage,
  type SyncStatus,
} from '#libs/sync';
import { Shown } from '../http/shown.js';
import { WireInt, WireString, WireUuid } from '../http/wire/wire.js';

export class RecentEventsQuery {
  @WireInt({ min: 1, max: 200, default: 50 })
  limit!: number;
}

export class RecentRunsQuery {
  @WireInt({ min: 1, max: 200, default: 20 })
  limit!: number;
}

export class StreamQuery {
  @WireInt({ min: 1, max: 200, default: 20, description: 'How many stored events come first' })
  replay!: number;
}

export class AllRunsQuery implements RunFilter {
  @WireInt({ min: 1, max: 10_000, default: 50 })
  limit!: number;

  @WireUuid({ optional: true })
  userId?: string;

  @WireString({ optional: true })
  provider?: string;

  @WireString({ optional: true })
  status?: string;

  @WireString({ optional: true })
  source?: string;
}

class SyncFactsAnswer {
  @Shown.text()
  run_id!: string;

  @Shown.uuid()
  user_id!: string;

  @Shown.text()
  provider!: string;

  @Shown.oneOf(SYNC_SOURCES)
  source!: SyncSource;

  @Shown.oneOf(SYNC_STAGES)
  stage!: SyncStage;

  @Shown.oneOf(SYNC_STATUSES)
  status!: SyncStatus;

  @Shown.text({ nullable: true })
  message!: string | null;

  @Shown.number({ nullable: true, minimum: 0, maximum: 1 })
  progress!: number | null;

  @Shown.int({ nullable: true, minimum: 0 })
  items_processed!: number | null;

  @Shown.int({ nullable: true, minimum: 0 })
  items_total!: number | null;

  @Shown.text({ nullable: true })
  error!: string | null;

  @Shown.uuid({ nullable: true, description: 'Whose run fetched the data, for linked accounts' })
  primary_user_id!: string | null;

  @Shown.timestamp({ nullable: true })
  started_at!: string | null;

  @Shown.timestamp({ nullable: true })
  ended_at!: string | null;
}

export class SyncEventAnswer extends SyncFactsAnswer implements SyncEvent {
  @Shown.uuid()
  event_id!: string;

  @Shown.json()
  metadata!: JsonObject;

  @Shown.timestamp()
  timestamp!: string;
}

export class SyncRunAnswer extends SyncFactsAnswer implements SyncRun {
  @Shown.timestamp()
  last_update!: string;
}
