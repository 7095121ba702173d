import { SECOND, type JsonObject, type SeriesCode } from '#libs/model';
import { listAt, numberAt, timeAt, type VendorTime, type VendorWriter } from '#libs/providers/kit';
import { withoutUtc } from './oura-record.js';

/** Heart rate (bpm) and RMSSD (ms) every five minutes, breathing rate and lowest heart rate at the start of the sleep. */
export function mapSleepSeries(record: JsonObject, start: VendorTime, writer: VendorWriter): void {
  samples(record, 'heart_rate', 'heart_rate', writer);
  samples(record, 'hrv', 'heart_rate_variability_rmssd', writer);
  writer.point('respiratory_rate', start, numberAt(record, 'average_breath'));
  writer.point('resting_heart_rate', start, numberAt(record, 'lowest_heart_rate'));
}

/** `{ interval, items, timestamp }`: item i was taken i intervals (s) after the stamp; null ones were not taken. */
function samples(record: JsonObject, field: string, series: SeriesCode, writer: VendorWriter): void {
  const first = timeAt(record, `${field}.timestamp`);
  const interval = numberAt(record, `${field}.interval`);
  if (first === null || !interval || interval < 0) return;
  const { at, zoneOffset } = withoutUtc(first);
  listAt(record, `${field}.items`).forEach((item, index) => {
    const value = typeof item === 'number' ? item : null;
    writer.point(series, { at: at + Math.round(index * interval * SECOND), zoneOffset }, value);
  });
}
