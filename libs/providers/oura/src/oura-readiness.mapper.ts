import { numberAt, recordMapper } from '#libs/providers/kit';
import { contributorsOf, OURA_SOURCE, scoreOf, stampOrDay } from './oura-record.js';

/** `daily_readiness`: temperature deviations in °C and the readiness score. */
export const mapReadiness = recordMapper(OURA_SOURCE, (record, writer) => {
  const time = stampOrDay(record);
  writer.point('skin_temperature_deviation', time, numberAt(record, 'temperature_deviation'));
  writer.point('skin_temperature_trend_deviation', time, numberAt(record, 'temperature_trend_deviation'));
  const score = scoreOf(record);
  if (score !== null) writer.score('readiness', time, score, { components: contributorsOf(record) });
});

/** `daily_sleep`: the sleep score of the day, all sleep of it together; so it hangs on no one night. */
export const mapSleepScore = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const time = stampOrDay(record);
  const score = scoreOf(record);
  if (score === null) return context.warn('is missing', 'score');
  writer.score('sleep', time, score, { components: contributorsOf(record) });
});
