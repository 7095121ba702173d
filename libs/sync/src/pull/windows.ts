import { DAY, HOUR, SECOND, type Instant } from '#libs/model';
import type { CloudResource, SyncWindow } from '#libs/providers/kit';

const HISTORY_DAYS = 30;
const DEFAULT_LOOKBACK_DAYS = 2;

/** A history in parts, the newest first. */
export function historyWindows({ start, end }: SyncWindow): SyncWindow[] {
  const windows: SyncWindow[] = [];
  for (let to = end; to > start; to -= HISTORY_DAYS * DAY) {
    windows.push({ start: Math.max(start, to - HISTORY_DAYS * DAY), end: to });
  }
  return windows;
}

/** Whether it is time for a live pull of the resource again. */
export const isDue = ({ pullEveryHours }: Pick<CloudResource, 'pullEveryHours'>, storedTo: Instant, now: Instant) =>
  pullEveryHours === undefined || now - storedTo >= pullEveryHours * HOUR;

/**
 * What a live pull asks of one resource: from some days before what is stored, because devices upload late and vendors
 * revise, but not before what the vendor has.
 */
export function liveWindow(
  resource: Pick<CloudResource, 'lookbackDays'>,
  storedTo: Instant,
  now: Instant,
  { lookbackSeconds, maxHistoricalDays }: { lookbackSeconds: number; maxHistoricalDays: number | null },
): SyncWindow {
  const lookback = Math.max((resource.lookbackDays ?? DEFAULT_LOOKBACK_DAYS) * DAY, lookbackSeconds * SECOND);
  const earliest = maxHistoricalDays === null ? -Infinity : now - maxHistoricalDays * DAY;
  return { start: Math.max(Math.min(storedTo, now) - lookback, earliest), end: now };
}
