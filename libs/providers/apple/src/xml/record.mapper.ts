import { findSleepStage, type PointInput } from '#libs/model';
import { rmssdOf } from './beats.js';
import { decimalIn } from './decimal-text.js';
import type { ExportContext } from './export-context.js';
import type { ExportRecord } from './export-elements.js';
import { exportMetric } from './export-units.js';

const SLEEP = 'HKCategoryTypeIdentifierSleepAnalysis';
const BEATS = 'InstantaneousBeatsPerMinute';

/** `Record` to a point or a stage of sleep. */
export function mapRecord(record: ExportRecord, index: number, context: ExportContext): void {
  const { attributes } = record;
  const type = attributes['type'] ?? '';
  if (type === SLEEP) return mapSleep(record, index, context);
  const metric = exportMetric(type);
  if (metric === undefined) return context.ignore(type);
  const value = decimalIn(attributes['value']);
  if (value === null) return context.skip('records', `invalid_value:${type}`);
  const window = context.window('records', type, attributes, record.timeZone);
  if (window === null) return;
  const convert = metric.converter(attributes['unit']);
  if (convert === null) return context.skip('records', `unknown_unit:${type}:${attributes['unit']}`);
  const point: PointInput = {
    series: metric.series,
    sourceIndex: context.source(attributes).index,
    recordedAt: window.startedAt,
    endedAt: window.endedAt,
    value: convert(value),
    zoneOffset: window.zoneOffset,
    isDailyTotal: false,
    externalId: null,
    origin: { collection: 'records', index },
  };
  context.point(type, point);
  if (record.beats.length > 0) mapBeats(record, point, context);
}

/** The beats of a variability reading to the variability between neighbours. */
function mapBeats({ beats }: ExportRecord, reading: PointInput, context: ExportContext): void {
  const value = rmssdOf(beats);
  if (value === null) context.ignore(`${BEATS}: too few neighbours`, beats.length);
  else context.point(BEATS, { ...reading, series: 'heart_rate_variability_rmssd', value });
}

function mapSleep({ attributes, timeZone }: ExportRecord, index: number, context: ExportContext): void {
  const text = attributes['value'] ?? '';
  const stage = findSleepStage('apple_xml', text);
  if (stage === undefined) return context.skip('sleep', `unknown_sleep_stage:${text}`);
  const window = context.window('sleep', SLEEP, attributes, timeZone);
  if (window === null) return;
  if (window.endedAt < window.startedAt) return context.skip('sleep', `invalid_date:${SLEEP}`);
  const source = context.source(attributes);
  context.weigh('sleep');
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
