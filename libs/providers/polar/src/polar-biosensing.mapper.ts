import { dateFromInstant, SECOND, type JsonValue, type SeriesCode } from '#libs/model';
import {
  BadRecord,
  numberAt,
  recordMapper,
  requiredList,
  requiredNumber,
  requiredTime,
  textAt,
  type MappingContext,
  type VendorTime,
} from '#libs/providers/kit';
import { offsetMinutesAt, POLAR_SOURCE, requiredDate } from './polar-record.js';

const TEMPERATURES: ReadonlyMap<string | null, SeriesCode> = new Map([
  ['TM_SKIN_TEMPERATURE', 'skin_temperature'],
  ['TM_CORE_TEMPERATURE', 'body_temperature'],
]);

/** Temperature samples in °C; all times of this API are UTC. */
export const mapBodyTemperature = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const start = requiredTime(record, 'start_time');
  const series = TEMPERATURES.get(textAt(record, 'measurement_type'));
  if (series === undefined) return context.warn('is of no kind that is kept', 'measurement_type');
  for (const sample of requiredList(record, 'samples')) {
    const millis = numberAt(sample, 'recording_time_delta_milliseconds', context) ?? 0;
    const at = start.at + Math.round(millis * 1000);
    writer.point(
      series,
      { at, zoneOffset: start.zoneOffset || null },
      numberAt(sample, 'temperature_celsius', context),
    );
  }
});

/** Skin temperature of a night in °C and how far it is from usual. */
export const mapSkinTemperature = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const date = requiredDate(record, 'sleep_date');
  writer.point('skin_temperature', date, numberAt(record, 'sleep_time_skin_temperature_celsius', context));
  writer.point('skin_temperature_deviation', date, numberAt(record, 'deviation_from_baseline_celsius', context));
});

/** A blood oxygen test (percent) with the RMSSD (ms) measured in it; only passed ones count. */
export const mapSpo2 = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const time = testTime(record, context);
  if (record['test_status'] !== 'SPO2_TEST_PASSED') return context.warn('is no passed test', 'test_status');
  writer.point('oxygen_saturation', time, numberAt(record, 'blood_oxygen_percent', context));
  writer.point('heart_rate_variability_rmssd', time, numberAt(record, 'heart_rate_variability_ms', context));
});

/** What a wrist ECG found: RMSSD (ms) and mean heart rate (bpm). The curve itself is not kept. */
export const mapWristEcg = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const time = testTime(record, context);
  writer.point('heart_rate_variability_rmssd', time, numberAt(record, 'heart_rate_variability_ms', context));
  writer.point('heart_rate', time, numberAt(record, 'average_heart_rate_bpm', context));
});

/** `test_time` in epoch seconds, `time_zone_offset` in minutes. */
function testTime(record: JsonValue, context: MappingContext): VendorTime {
  const at = Math.round(requiredNumber(record, 'test_time') * SECOND);
  if (Number.isNaN(dateFromInstant(at).getTime())) throw new BadRecord('is no time', 'test_time');
  return { at, zoneOffset: offsetMinutesAt(record, 'time_zone_offset', context) };
}
