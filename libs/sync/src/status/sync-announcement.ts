import type { Announcement } from '#libs/ingest';
import type { JsonObject } from '#libs/model';
import type { EventDraft } from './event-draft.js';
import type { SyncSource } from './sync-status.js';

/** The run an event belongs to. */
export interface ToldRun {
  readonly user_id: string;
  readonly user_key: number;
  readonly run_id: string;
  readonly provider: string;
  readonly source: SyncSource;
}

/**
 * What integrators hear of an event: `sync.started`, `sync.completed` or `sync.failed` with the `data` of the wire;
 * null for progress and for cancelled runs.
 */
export function syncAnnouncement(run: ToldRun, draft: EventDraft): Announcement | null {
  const [stage, status, message, , itemsProcessed, , error, metadata] = draft;
  const { user_id, provider, source, run_id } = run;
  const whose = { user_id, provider, source, run_id };
  const said = { message, metadata: JSON.parse(metadata) as JsonObject };
  switch (stage) {
    case 'started':
      return { kind: 'sync.started', payload: { ...whose, ...said } };
    case 'completed': {
      const { metadata: facts } = said;
      const payload = { ...whose, status, message, items_processed: itemsProcessed, metadata: facts };
      return { kind: 'sync.completed', payload };
    }
    case 'failed':
      return { kind: 'sync.failed', payload: { ...whose, error: error ?? 'unknown', ...said } };
    default:
      return null;
  }
}
