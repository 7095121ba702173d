import { findSleepStage } from '#libs/model';
import type { ExportContext } from './export-context.js';
import type { ExportRecord } from './export-elements.js';
import { exportMetric } from './export-units.js';

const SLEEP = 'HKCategoryTypeIdentifierSleepAnalysis';
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** `Record` to a point or a stage of sleep. @returns what it counts as; null for a type nobody stores */
export function mapRecord(record: ExportRecord, index: number, context: ExportContext): 'records' | 'sleep' | null {
  const { attributes } = record;
  const type = attributes['type'] ?? '';
  if (record.beats > 0) context.ignore('InstantaneousBeatsPerMinute', record.beats);
  if (type === SLEEP) {
    mapSleep(record, index, context);
    return 'sleep';
  }
  const metric = exportMetric(type);
  if (metric === undefined) {
    context.ignore(type);
    return null;
  }
  const text = attributes['value']?.trim() ?? '';
  if (!DECIMAL.test(text)) {
    context.skip('records', `invalid_value:${type}`);
    return 'records';
  }
  const window = context.window('records', type, attributes, record.timeZone);
  if (window === null) return 'records';
  const convert = metric.converter(attributes['unit']);
  if (convert === null) {
    context.skip('records', `unknown_unit:${type}:${attributes['unit']}`);
    return 'records';
  }
  const isStored = context.builder.point({
    series: metric.series,
    sourceIndex: context.source(attributes).index,
    recordedAt: window.startedAt,
    endedAt: window.endedAt,
    value: convert(Number(text)),
    zoneOffset: window.zoneOffset,
    isDailyTotal: false,
    externalId: null,
    origin: { collection: 'records', index },
  });
  if (!isStored) context.skip('records', `value_out_of_range:${type}`);
  return 'records';
}

function mapSleep({ attributes, timeZone }: ExportRecord, index: number, context: ExportContext): void {
  const text = attributes['value'] ?? '';
  const stage = findSleepStage('apple_xml', text);
  if (stage === undefined) return context.skip('sleep', `unknown_sleep_stage:${text}`);
  const window = context.window('sleep', SLEEP, attributes, timeZone);
  if (window === null) return;
  if (window.endedAt < window.startedAt) return context.skip('sleep', `invalid_date:${SLEEP}`);
  const source = context.source(attributes);
  context.builder.sleepSegment({
    ...window,
    stage,
    sourceIndex: source.index,
    sourceName: source.name,
    externalId: null,
    score: null,
    origin: { collection: 'sleep', index },
  });
}
