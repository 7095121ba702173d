import { formatInstant, type JsonObject, type ProviderCode } from '#libs/model';
import type { StreamChange } from '../points/point-change.js';
import type { Announcement } from './outbox.writer.js';

/** Outbox kind: points of one series were inserted or changed. */
export const POINTS_STORED = 'points.stored';

/**
 * One announcement per series: how many points were inserted and updated, their closed time range and where they are.
 * A stream's `times` (microseconds since 1970) name its changed points where others lie in between; null means all of
 * the stream's points in the range.
 */
export function pointAnnouncements(provider: ProviderCode, changes: readonly StreamChange[]): Announcement[] {
  const bySeries = new Map<string, StreamChange[]>();
  for (const change of changes) {
    const { code } = change.stream.series;
    bySeries.set(code, [...(bySeries.get(code) ?? []), change]);
  }
  return [...bySeries].map(([series, group]) => ({ kind: POINTS_STORED, payload: payloadOf(provider, series, group) }));
}

function payloadOf(provider: ProviderCode, series: string, group: readonly StreamChange[]): JsonObject {
  return {
    provider,
    series,
    inserted: total(group, (change) => change.inserted),
    updated: total(group, (change) => change.updated),
    from: formatInstant(Math.min(...group.map((change) => change.from))),
    to: formatInstant(Math.max(...group.map((change) => change.to))),
    streams: group.map((change) => ({
      id: change.stream.id,
      source_id: change.stream.sourceId,
      is_daily_total: change.stream.isDailyTotal,
      from: formatInstant(change.from),
      to: formatInstant(change.to),
      times: change.isInterleaved ? change.times.toSorted((a, b) => a - b) : null,
    })),
  };
}

const total = (group: readonly StreamChange[], count: (change: StreamChange) => number): number =>
  group.reduce((sum, change) => sum + count(change), 0);
