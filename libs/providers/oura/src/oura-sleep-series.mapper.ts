import { SECOND, type JsonObject, type SeriesCode } from '#libs/model';
import {
  amountAt,
  listAt,
  numberAt,
  timeAt,
  type MappingContext,
  type VendorTime,
  type VendorWriter,
} from '#libs/providers/kit';

/** Heart rate (bpm) and RMSSD (ms) every five minutes, breathing rate and lowest heart rate at the start of the sleep. */
export function mapSleepSeries(
  record: JsonObject,
  start: VendorTime,
  writer: VendorWriter,
  context: MappingContext,
): void {
  samples(record, ['heart_rate', 'heart_rate'], writer, context);
  samples(record, ['hrv', 'heart_rate_variability_rmssd'], writer, context);
  writer.point('respiratory_rate', start, numberAt(record, 'average_breath', context));
  writer.point('resting_heart_rate', start, numberAt(record, 'lowest_heart_rate', context));
}

/** `{ interval, items, timestamp }`: item i was taken i intervals (s) after the stamp; null ones were not taken. */
function samples(
  record: JsonObject,
  [field, series]: readonly [string, SeriesCode],
  writer: VendorWriter,
  context: MappingContext,
): void {
  const first = timeAt(record, `${field}.timestamp`, context);
  const interval = amountAt(record, `${field}.interval`, context);
  if (first === null || !interval) return;
  const { at, zoneOffset } = first;
  listAt(record, `${field}.items`).forEach((item, index) => {
    const value = typeof item === 'number' ? item : null;
    writer.point(series, { at: at + Math.round(index * interval * SECOND), zoneOffset }, value);
  });
}
