import type { JsonObject } from '#libs/model';
import { amountAt, recordMapper, wholeMinutesOf, wholeNumberAt, type MappingContext } from '#libs/providers/kit';
import { contributorsOf, dayAt, hasStamp, OURA_SOURCE, scoreOf, stampAt } from './oura-record.js';

const ACTIVE_SECONDS = ['high_activity_time', 'medium_activity_time', 'low_activity_time'];

/** `daily_activity`: totals of the day and the activity score. Oura revises them all day long. */
export const mapActivity = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const time = hasStamp(record) ? stampAt(record) : dayAt(record);
  writer.point('steps', time, wholeNumberAt(record, 'steps', context), true);
  writer.point('energy', time, wholeNumberAt(record, 'active_calories', context), true);
  writer.point('distance_walking_running', time, wholeNumberAt(record, 'equivalent_walking_distance', context), true);
  writer.point('active_time', time, activeMinutes(record, context), true);
  const score = scoreOf(record, context);
  if (score !== null) writer.score('activity', time, score, { components: contributorsOf(record, context) });
});

function activeMinutes(record: JsonObject, context: MappingContext): number | null {
  const known = ACTIVE_SECONDS.flatMap((field) => amountAt(record, field, context) ?? []);
  return known.length === 0 ? null : wholeMinutesOf(known.reduce((sum, seconds) => sum + seconds, 0));
}
