import { numberAt, recordMapper, timeAt } from '#libs/providers/kit';
import { contributorsOf, dayAt, hasStamp, OURA_SOURCE, scoreOf, stampOrDay, withoutUtc } from './oura-record.js';

/** `daily_readiness`: temperature deviations in °C and the readiness score. */
export const mapReadiness = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const stamp = timeAt(record, 'timestamp', context);
  const time = stamp === null ? dayAt(record) : withoutUtc(stamp);
  // A stamp that cannot be read costs the points; the score is of the day.
  if (stamp !== null || !hasStamp(record)) {
    writer.point('skin_temperature_deviation', time, numberAt(record, 'temperature_deviation', context));
    writer.point('skin_temperature_trend_deviation', time, numberAt(record, 'temperature_trend_deviation', context));
  }
  const score = scoreOf(record, context);
  if (score !== null) writer.score('readiness', time, score, { components: contributorsOf(record, context) });
});

/** `daily_sleep`: the sleep score of the day, all sleep of it together; so it hangs on no one night. */
export const mapSleepScore = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const time = stampOrDay(record, context);
  const score = scoreOf(record, context);
  if (score === null) return context.warn('is missing', 'score');
  writer.score('sleep', time, score, { components: contributorsOf(record, context) });
});
