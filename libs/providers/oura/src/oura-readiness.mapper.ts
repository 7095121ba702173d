import type { JsonValue } from '#libs/model';
import { numberAt, objectOf, VendorWriter, type HealthBatchBuilder, type MappingContext } from '#libs/providers/kit';
import { contributorsOf, OURA_SOURCE, scoreOf, stampOrDay } from './oura-record.js';

/** `daily_readiness`: temperature deviations in °C and the readiness score. */
export function mapReadiness(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const time = stampOrDay(record);
  const writer = new VendorWriter(batch, context, OURA_SOURCE);
  writer.point('skin_temperature_deviation', time, numberAt(record, 'temperature_deviation'));
  writer.point('skin_temperature_trend_deviation', time, numberAt(record, 'temperature_trend_deviation'));
  const score = scoreOf(record);
  if (score !== null) writer.score('readiness', time, score, { components: contributorsOf(record) });
}

/** `daily_sleep`: the sleep score of the day, all sleep of it together; so it hangs on no one night. */
export function mapSleepScore(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const time = stampOrDay(record);
  const score = scoreOf(record);
  if (score === null) return context.warn('is missing', 'score');
  const writer = new VendorWriter(batch, context, OURA_SOURCE);
  writer.score('sleep', time, score, { components: contributorsOf(record) });
}
