import { SECOND } from '#libs/model';
import {
  amountAt,
  minutesOfNight,
  recordMapper,
  requiredText,
  requiredTime,
  valueComponents,
  wholeMinutesOf,
} from '#libs/providers/kit';
import { isScored, NOT_SCORED, scoreFields, WHOOP_NAME, WHOOP_SOURCE, zoneOffsetOf } from './whoop-record.js';

const SLEEP_COMPONENTS = ['sleep_consistency_percentage', 'sleep_efficiency_percentage', 'respiratory_rate'] as const;
/** As many milliseconds as an integer column holds seconds. */
const MOST_MILLIS = 2_147_483_647_000;

/**
 * `/v2/activity/sleep`: a night or nap, and its performance score. Stored whatever its score state: unscored ones have no
 * stage minutes until a later delivery of the same id replaces them. WHOOP gives no stage timeline.
 */
export const mapSleep = recordMapper(WHOOP_SOURCE, (record, writer, context) => {
  const externalId = requiredText(record, 'id');
  const start = requiredTime(record, 'start');
  const end = requiredTime(record, 'end');
  const zoneOffset = zoneOffsetOf(record);
  /** Whole seconds of a stage; 0 when WHOOP does not say. */
  const seconds = (stage: string): number =>
    Math.trunc((amountAt(record, `score.stage_summary.total_${stage}_time_milli`, context, MOST_MILLIS) ?? 0) / 1000);
  const measured = scoreFields(record, SLEEP_COMPONENTS, context);
  const durationSeconds = seconds('in_bed') || Math.trunc((end.at - start.at) / SECOND);
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
      deep: seconds('slow_wave_sleep'),
      light: seconds('light_sleep'),
      rem: seconds('rem_sleep'),
      awake: seconds('awake'),
    }),
    efficiencyPercent: measured.sleep_efficiency_percentage,
    stages: null,
  });
  if (!isScored(record)) return context.warn(NOT_SCORED);
  const { sleep_performance_percentage: performance } = scoreFields(record, ['sleep_performance_percentage'], context);
  if (performance === null) return;
  writer.score('sleep', { at: start.at, zoneOffset }, performance, {
    about: { category: 'sleep', externalId },
    components: valueComponents(measured),
  });
});
