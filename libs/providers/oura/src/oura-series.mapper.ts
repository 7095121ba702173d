import { multiplyDecimal, roundDecimal, type JsonValue } from '#libs/model';
import {
  numberAt,
  objectOf,
  requiredNumber,
  VendorWriter,
  type HealthBatchBuilder,
  type MappingContext,
} from '#libs/providers/kit';
import { dayAt, OURA_SOURCE, stampAt } from './oura-record.js';

/** `daily_spo2`: mean saturation in percent and the breathing disturbance index of the night before. */
export function mapSpo2(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const time = dayAt(record);
  const writer = new VendorWriter(batch, context, OURA_SOURCE);
  writer.point('oxygen_saturation', time, numberAt(record, 'spo2_percentage.average'));
  writer.point('breathing_disturbance_index', time, numberAt(record, 'breathing_disturbance_index'));
}

/** `heartrate`: one sample in bpm. */
export function mapHeartRate(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const time = stampAt(record);
  new VendorWriter(batch, context, OURA_SOURCE).point('heart_rate', time, requiredNumber(record, 'bpm'));
}

/** `daily_cardiovascular_age`: years. */
export function mapCardiovascularAge(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const time = dayAt(record);
  new VendorWriter(batch, context, OURA_SOURCE).point(
    'cardiovascular_age',
    time,
    requiredNumber(record, 'vascular_age'),
  );
}

/** `vO2_max`: ml/kg/min; Oura writes 0 where it has none. */
export function mapVo2Max(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const time = stampAt(record);
  const value = numberAt(record, 'vo2_max');
  if (!value) return context.warn('is missing', 'vo2_max');
  new VendorWriter(batch, context, OURA_SOURCE).point('vo2_max', time, value);
}

/** `personal_info`: weight in kg and height in cm, where they changed. Oura does not say when. */
export function mapPersonalInfo(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const writer = new VendorWriter(batch, context, OURA_SOURCE);
  const meters = numberAt(record, 'height');
  writer.measure('weight', numberAt(record, 'weight'));
  writer.measure('height', meters === null ? null : roundDecimal(multiplyDecimal(meters, 100), 2));
}
