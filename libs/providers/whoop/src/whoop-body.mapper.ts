import { multiplyDecimal } from '#libs/model';
import { numberAt, recordMapper } from '#libs/providers/kit';
import { WHOOP_SOURCE } from './whoop-record.js';

/** `/v2/user/measurement/body`: height in cm and weight in kg, where they changed. WHOOP does not say when. */
export const mapBody = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  const meters = numberAt(record, 'height_meter', context);
  writer.measure('height', meters === null ? null : multiplyDecimal(meters, 100));
  writer.measure('weight', numberAt(record, 'weight_kilogram', context));
});
