import { cleanJson, cleanText } from '#libs/providers/kit';
import { endStage, type SyncFinish, type SyncProgress, type SyncStage, type SyncStatus } from './sync-status.js';

/** What vendors say about an error may be a page; this much of it is kept. */
const MOST_TEXT = 2_000;

/** What one event says beside whose it is, as statement parameters in the order of `EVENT_PARAMETERS`. */
export type EventDraft = readonly [
  stage: SyncStage,
  status: SyncStatus,
  message: string | null,
  progress: number | null,
  itemsProcessed: number | null,
  itemsTotal: number | null,
  error: string | null,
  metadata: string,
];

export function startDraft(start: Pick<SyncProgress, 'message' | 'itemsTotal' | 'metadata'>): EventDraft {
  return draft('started', 'in_progress', start, null, null);
}

export function progressDraft(step: SyncProgress): EventDraft {
  return draft(step.stage, 'in_progress', step, share(step.progress), null);
}

/** `progress` of a completed run is 1, of a failed or cancelled one it is not known. */
export function finishDraft(end: SyncFinish): EventDraft {
  const stage = endStage(end.status);
  return draft(stage, end.status, end, stage === 'completed' ? 1 : null, cleanText(end.error, MOST_TEXT));
}

function draft(
  stage: SyncStage,
  status: SyncStatus,
  said: Pick<SyncProgress, 'message' | 'itemsProcessed' | 'itemsTotal' | 'metadata'>,
  progress: number | null,
  error: string | null,
): EventDraft {
  return [
    stage,
    status,
    cleanText(said.message, MOST_TEXT),
    progress,
    said.itemsProcessed ?? null,
    said.itemsTotal ?? null,
    error,
    JSON.stringify(cleanJson(said.metadata ?? {})),
  ];
}

const share = (progress: number | null | undefined): number | null =>
  progress === null || progress === undefined ? null : Math.min(1, Math.max(0, progress));
