import { multiplyDecimal, type JsonValue } from '#libs/model';
import { numberAt, objectOf, VendorWriter, type HealthBatchBuilder, type MappingContext } from '#libs/providers/kit';
import { WHOOP_SOURCE } from './whoop-record.js';

/** `/v2/user/measurement/body`: height in cm and weight in kg, where they changed. WHOOP does not say when. */
export function mapBody(given: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void {
  const record = objectOf(given);
  const writer = new VendorWriter(batch, context, WHOOP_SOURCE);
  const meters = numberAt(record, 'height_meter');
  writer.measure('height', meters === null ? null : multiplyDecimal(meters, 100));
  writer.measure('weight', numberAt(record, 'weight_kilogram'));
}
