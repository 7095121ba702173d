import { DAY, type Instant } from '#libs/model';
import type { Chunking, SyncWindow } from './resource.js';

/** The parts of a window in which a vendor is asked. A window that ends before it begins has none. */
export function chunksOf(window: SyncWindow, chunking: Chunking | undefined): SyncWindow[] {
  if (window.end < window.start) return [];
  if (!chunking) return [window];
  return chunking.by === 'date' ? byDate(window, chunking.days) : byInstant(window, chunking.days * DAY);
}

function byInstant({ start, end }: SyncWindow, length: Instant): SyncWindow[] {
  const chunks: SyncWindow[] = [];
  for (let from = start; from < end; from += length) chunks.push({ start: from, end: Math.min(from + length, end) });
  return chunks;
}

function byDate({ start, end }: SyncWindow, days: number): SyncWindow[] {
  const last = midnight(end);
  const chunks: SyncWindow[] = [];
  for (let from = midnight(start); from <= last; from += days * DAY) {
    chunks.push({ start: from, end: Math.min(from + (days - 1) * DAY, last) });
  }
  return chunks;
}

const midnight = (at: Instant): Instant => Math.floor(at / DAY) * DAY;
