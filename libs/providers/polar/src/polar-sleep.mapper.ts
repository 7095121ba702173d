import {
  findSleepStage,
  localDate,
  SECOND,
  type Instant,
  type JsonObject,
  type SleepStage,
  type SleepStageInterval,
} from '#libs/model';
import {
  amountAt,
  minutesOfNight,
  numberAt,
  optional,
  recordMapper,
  requiredTime,
  textAt,
  valueComponents,
  wholeMinutesOf,
  type MappingContext,
  type VendorTime,
} from '#libs/providers/kit';
import { clockSeries, dateAt, POLAR_NAME, POLAR_SOURCE } from './polar-record.js';

/** Components by the field that holds them: scores of 100, but the last three in seconds. `continuity` is 1..5. */
const COMPONENTS = {
  sleep_time: 'group_duration_score',
  actual_sleep: 'group_solidity_score',
  continuity: 'continuity',
  long_interruptions: 'long_interruption_duration',
  rem_sleep: 'rem_sleep',
  deep_sleep: 'deep_sleep',
} as const;

/** `/v3/users/sleep/{date}`: the night that ended on a date, its heart rate and its score. Polar reports no naps. */
export const mapSleep = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const start = requiredTime(record, 'sleep_start_time');
  const end = requiredTime(record, 'sleep_end_time');
  // Polar gives nights no id; there is one night per date.
  const date = optional(dateAt, record, 'date', context) === null ? null : textAt(record, 'date');
  const externalId = date ?? localDate(end.at, end.zoneOffset);
  const durationSeconds = Math.trunc((end.at - start.at) / SECOND);
  const seconds = (field: string): number => amountAt(record, field, context) ?? 0;
  writer.sleep({
    externalId,
    sourceName: POLAR_NAME,
    startedAt: start.at,
    endedAt: end.at,
    zoneOffset: start.zoneOffset,
    isNap: false,
    durationSeconds,
    timeInBedMinutes: wholeMinutesOf(durationSeconds) || null,
    ...minutesOfNight({
      deep: seconds('deep_sleep'),
      light: seconds('light_sleep'),
      rem: seconds('rem_sleep'),
      awake: seconds('total_interruption_duration'),
    }),
    efficiencyPercent: null,
    stages: stagesOf(record, start, end.at),
  });
  for (const [at, value] of clockSeries(record['heart_rate_samples'], start)) {
    writer.point('heart_rate', { at, zoneOffset: start.zoneOffset }, value);
  }
  const score = numberAt(record, 'sleep_score', context);
  if (score === null) return;
  const about = { category: 'sleep', externalId } as const;
  writer.score('sleep', start, score, { components: componentsOf(record, context), sleepStartedAt: start.at, about });
});

const componentsOf = (record: JsonObject, context: MappingContext): ReturnType<typeof valueComponents> =>
  valueComponents(
    Object.fromEntries(Object.entries(COMPONENTS).map(([name, field]) => [name, numberAt(record, field, context)])),
  );

/** The hypnogram names where each stage begins; Polar's two kinds of light sleep stay apart. Null without one. */
function stagesOf(record: JsonObject, start: VendorTime, end: Instant): readonly SleepStageInterval[] | null {
  const begins: { stage: SleepStage; code: number; startedAt: Instant }[] = [];
  for (const [startedAt, code] of clockSeries(record['hypnogram'], start)) {
    const stage = findSleepStage('polar', String(code));
    if (stage !== undefined && begins.at(-1)?.code !== code) begins.push({ stage, code, startedAt });
  }
  const stages = begins.flatMap(({ stage, startedAt }, index) => {
    const endedAt = Math.min(begins[index + 1]?.startedAt ?? end, end);
    return endedAt > startedAt ? [{ stage, startedAt, endedAt }] : [];
  });
  return stages.length === 0 ? null : stages;
}
