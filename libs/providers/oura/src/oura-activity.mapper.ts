import type { JsonObject } from '#libs/model';
import { recordMapper, wholeMinutesOf, wholeNumberAt } from '#libs/providers/kit';
import { contributorsOf, OURA_SOURCE, scoreOf, stampOrDay } from './oura-record.js';

const ACTIVE_SECONDS = ['high_activity_time', 'medium_activity_time', 'low_activity_time'];

/** `daily_activity`: totals of the day and the activity score. Oura revises them all day long. */
export const mapActivity = recordMapper(OURA_SOURCE, (record, writer) => {
  const time = stampOrDay(record);
  writer.point('steps', time, wholeNumberAt(record, 'steps'), true);
  writer.point('energy', time, wholeNumberAt(record, 'active_calories'), true);
  writer.point('distance_walking_running', time, wholeNumberAt(record, 'equivalent_walking_distance'), true);
  writer.point('active_time', time, activeMinutes(record), true);
  const score = scoreOf(record);
  if (score !== null) writer.score('activity', time, score, { components: contributorsOf(record) });
});

function activeMinutes(record: JsonObject): number | null {
  const known = ACTIVE_SECONDS.flatMap((field) => wholeNumberAt(record, field) ?? []);
  return known.length === 0 ? null : wholeMinutesOf(known.reduce((sum, seconds) => sum + seconds, 0));
}
