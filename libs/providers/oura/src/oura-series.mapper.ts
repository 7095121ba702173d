import { multiplyDecimal, roundDecimal } from '#libs/model';
import { numberAt, recordMapper, requiredNumber } from '#libs/providers/kit';
import { dayAt, OURA_SOURCE, stampAt } from './oura-record.js';

/** `daily_spo2`: mean saturation in percent and the breathing disturbance index of the night before. */
export const mapSpo2 = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const time = dayAt(record);
  writer.point('oxygen_saturation', time, numberAt(record, 'spo2_percentage.average', context));
  writer.point('breathing_disturbance_index', time, numberAt(record, 'breathing_disturbance_index', context));
});

/** `heartrate`: one sample in bpm. */
export const mapHeartRate = recordMapper(OURA_SOURCE, (record, writer) => {
  const time = stampAt(record);
  writer.point('heart_rate', time, requiredNumber(record, 'bpm'));
});

/** `daily_cardiovascular_age`: years. */
export const mapCardiovascularAge = recordMapper(OURA_SOURCE, (record, writer) => {
  const time = dayAt(record);
  writer.point('cardiovascular_age', time, requiredNumber(record, 'vascular_age'));
});

/** `vO2_max`: ml/kg/min; Oura writes 0 where it has none. */
export const mapVo2Max = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const time = stampAt(record);
  const value = numberAt(record, 'vo2_max', context);
  if (!value) return context.warn('is missing', 'vo2_max');
  writer.point('vo2_max', time, value);
});

/** `personal_info`: weight in kg and height in cm, where they changed. Oura does not say when. */
export const mapPersonalInfo = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const meters = numberAt(record, 'height', context);
  writer.measure('weight', numberAt(record, 'weight', context));
  writer.measure('height', meters === null ? null : roundDecimal(multiplyDecimal(meters, 100), 2));
});
