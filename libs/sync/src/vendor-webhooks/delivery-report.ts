import type { JsonObject } from '#libs/model';
import type { SyncFinish } from '../status/sync-status.js';
import type { NoticeResult } from './notice-worker.js';

const SAVED: ReadonlySet<string> = new Set(['processed', 'saved', 'accepted', 'deleted', 'success', 'deauthorized']);
const COUNTS = [
  'records_saved',
  'saved_count',
  'items_processed',
  'processed_count',
  'record_count',
  'records_deleted',
];

/** How a delivery appears in the sync status. */
export function deliveryFinish({ result, label, stored }: NoticeResult): SyncFinish {
  const status = typeof result['status'] === 'string' ? result['status'] : '';
  if (status === 'error') {
    const error = typeof result['error'] === 'string' ? result['error'] : 'unknown';
    return { status: 'failed', message: `webhook ${label}`.trim(), error };
  }
  const left: JsonObject = Object.keys(stored.skipped).length > 0 ? { skipped: stored.skipped } : {};
  const count = countOf(result) ?? (status === 'deleted' || status === 'deauthorized' ? 1 : null);
  if (SAVED.has(status) && count !== null && count > 0) {
    const { inserted, updated } = stored;
    const isSplit = inserted + updated > 0;
    return {
      status: 'success',
      message: isSplit ? `webhook ${inserted} new, ${updated} updated` : `webhook ${label}`.trim(),
      itemsProcessed: count,
      metadata: { ...(isSplit ? { inserted, updated } : {}), ...left },
    };
  }
  const reason = typeof result['reason'] === 'string' ? result['reason'] : SAVED.has(status) ? label : status;
  return { status: 'skipped', message: `skipped: ${reason}`, itemsProcessed: count, metadata: left };
}

function countOf(result: JsonObject): number | null {
  for (const key of COUNTS) if (typeof result[key] === 'number') return result[key];
  const saved = result['saved'];
  if (typeof saved === 'number') return saved;
  if (typeof saved !== 'object' || saved === null) return null;
  return Object.values(saved).reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0);
}
