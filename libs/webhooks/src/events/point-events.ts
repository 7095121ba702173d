import { formatZoneOffset, seriesTypeByCode, type SeriesType } from '#libs/model';
import { eventsOfSeries } from '../catalogue/event-type.js';
import { eventId, revision, type EventDraft } from './event-draft.js';
import { storedPoints, type OutboxRow } from './outbox-row.js';
import type { AnnouncedPoint } from './points.reader.js';
import { wireTime } from './wire-time.js';

/** A message carries at most so many samples; more are told in consecutive chunks. */
const CHUNK_SAMPLES = 2500;

/**
 * The group's event and the series' own, with equal data, per chunk of samples. The id of an event ends with a
 * revision of its samples, so a value that was corrected is a new event and the same values again are none.
 */
export function pointEvents(row: OutboxRow, points: readonly AnnouncedPoint[]): EventDraft[] {
  const { provider, series: code } = storedPoints(row);
  const series = seriesTypeByCode(code);
  const types = eventsOfSeries(code);
  const [first] = points;
  const last = points.at(-1);
  if (series === undefined || first === undefined || last === undefined || types.length === 0) return [];
  const chunkCount = Math.ceil(points.length / CHUNK_SAMPLES);
  const whole = [row.userId, provider, code, wireTime(first.recordedAt), wireTime(last.recordedAt)];
  return Array.from({ length: chunkCount }, (_, chunk) => {
    const part = points.slice(chunk * CHUNK_SAMPLES, (chunk + 1) * CHUNK_SAMPLES);
    const samples = JSON.stringify(part.map((point) => sampleOf(point, series, provider)));
    const head = JSON.stringify({
      user_id: row.userId,
      provider,
      series_type: code,
      sample_count: points.length,
      start_time: wireTime(part[0]!.recordedAt),
      end_time: wireTime(part.at(-1)!.recordedAt),
    });
    const place = chunkCount === 1 ? '' : `,"chunk_index":${chunk},"total_chunks":${chunkCount}`;
    const data = `${head.slice(0, -1)},"samples":${samples}${place}}`;
    const marks = chunkCount === 1 ? [] : [`chunk${chunk}`];
    const content = revision(samples);
    return types.map((type) => ({
      userKey: row.userKey,
      userId: row.userId,
      type,
      eventId: eventId('timeseries', ...whole, ...marks, type, content),
      data,
    }));
  }).flat();
}

const sampleOf = (point: AnnouncedPoint, series: SeriesType, provider: string) => ({
  timestamp: wireTime(point.recordedAt),
  zone_offset: formatZoneOffset(point.zoneOffset),
  type: series.code,
  value: point.value,
  unit: series.unit,
  source: { provider, device: point.device },
  is_daily_total: point.isDailyTotal || (series.aggregation === 'sum' ? false : null),
});
