import { formatInstant, localMidnight, type Instant, type PointInput } from '#libs/model';
import { convert } from './conversion.js';
import type { MappingContext } from './mapping-context.js';
import { checkRecord, type SdkRecord } from './sdk-items.js';
import { sdkMetric } from './sdk-metrics.js';
import { MESSAGE } from './sdk-messages.js';

interface DailyReading {
  readonly takenAt: Instant;
  readonly point: PointInput;
}

/** `data.records` to points; types nobody stores are counted as skipped. */
export function mapRecords(items: readonly unknown[], startIndex: number, context: MappingContext): void {
  const readings = new Map<string, DailyReading>();
  items.forEach((raw, offset) => mapRecord(raw, startIndex + offset, readings, context));
  for (const { point } of readings.values()) addPoint(point, context);
}

function mapRecord(raw: unknown, index: number, readings: Map<string, DailyReading>, context: MappingContext): void {
  const { item, flaw } = checkRecord(raw);
  if (flaw) return context.drop(index, flaw);
  const source = context.source(index, item.source);
  if (!source) return;
  const metric = item.type === null ? undefined : sdkMetric(item.type);
  if (!metric || metric.series === null) return context.skip(item.type);
  const point: PointInput = {
    series: metric.series,
    sourceIndex: source.index,
    recordedAt: item.startedAt,
    endedAt: item.endedAt,
    value: convert(item.value, metric.conversion, item.unit, context.dialect.reportsFractions),
    zoneOffset: context.zoneOffset(index, item.zoneOffset),
    isDailyTotal: false,
    externalId: item.id,
    origin: context.origin(index),
  };
  if (metric.dailyTotal) keepLatest(readings, item, point);
  else addPoint(point, context);
}

function addPoint(point: PointInput, context: MappingContext): void {
  if (!context.builder.point(point)) context.drop(point.origin.index, { path: 'value', message: MESSAGE.range });
}

/**
 * One total per source and local day, from the day's latest reading. The total ends when it was read and names its
 * reading, so that across batches, too, the later end decides, in whatever order they come.
 */
function keepLatest(readings: Map<string, DailyReading>, item: SdkRecord, reading: PointInput): void {
  const takenAt = item.startedAt;
  const recordedAt = localMidnight(takenAt, reading.zoneOffset);
  const key = `${reading.series}|${reading.sourceIndex}|${recordedAt}`;
  const known = readings.get(key);
  if (known && known.takenAt > takenAt) return;
  const externalId = reading.externalId || `${item.type}@${formatInstant(takenAt)}`;
  const point = { ...reading, recordedAt, endedAt: takenAt, isDailyTotal: true, externalId };
  readings.set(key, { takenAt, point });
}
