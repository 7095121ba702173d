import { SECOND, type JsonObject } from '#libs/model';
import {
  minutesOfNight,
  numberAt,
  recordMapper,
  requiredText,
  requiredTime,
  wholeMinutesOf,
} from '#libs/providers/kit';
import { componentsOf, isScored, NOT_SCORED, WHOOP_NAME, WHOOP_SOURCE, zoneOffsetOf } from './whoop-record.js';

const SLEEP_COMPONENTS = ['sleep_consistency_percentage', 'sleep_efficiency_percentage', 'respiratory_rate'];

/**
 * `/v2/activity/sleep`: a night or nap, and its performance score. Stored whatever its score state: unscored ones have no
 * stage minutes until a later delivery of the same id replaces them. WHOOP gives no stage timeline.
 */
export const mapSleep = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  const externalId = requiredText(record, 'id');
  const start = requiredTime(record, 'start');
  const end = requiredTime(record, 'end');
  const zoneOffset = zoneOffsetOf(record);
  const durationSeconds = stageSeconds(record, 'in_bed') || Math.trunc((end.at - start.at) / SECOND);
  writer.sleep({
    externalId,
    sourceName: WHOOP_NAME,
    startedAt: start.at,
    endedAt: end.at,
    zoneOffset,
    isNap: record['nap'] === true,
    durationSeconds,
    timeInBedMinutes: wholeMinutesOf(durationSeconds),
    ...minutesOfNight({
      deep: stageSeconds(record, 'slow_wave_sleep'),
      light: stageSeconds(record, 'light_sleep'),
      rem: stageSeconds(record, 'rem_sleep'),
      awake: stageSeconds(record, 'awake'),
    }),
    efficiencyPercent: numberAt(record, 'score.sleep_efficiency_percentage'),
    stages: null,
  });
  const performance = numberAt(record, 'score.sleep_performance_percentage');
  if (!isScored(record)) return context.warn(NOT_SCORED);
  if (performance === null) return;
  writer.score('sleep', { at: start.at, zoneOffset }, performance, {
    about: { category: 'sleep', externalId },
    components: componentsOf(record, SLEEP_COMPONENTS),
  });
});

/** Whole seconds of a stage; 0 when WHOOP does not say. */
const stageSeconds = (record: JsonObject, stage: string): number =>
  Math.trunc((numberAt(record, `score.stage_summary.total_${stage}_time_milli`) ?? 0) / 1000);
