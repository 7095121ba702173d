import { findSleepStage, SECOND, type Instant, type JsonObject, type SleepStageInterval } from '#libs/model';
import {
  amountAt,
  minutesOfNight,
  numberAt,
  recordMapper,
  requiredText,
  requiredTime,
  textAt,
  wholeMinutesOf,
} from '#libs/providers/kit';
import { mapSleepSeries } from './oura-sleep-series.mapper.js';
import { OURA_NAME, OURA_SOURCE } from './oura-record.js';

/** Short sleep that Oura has confirmed as such; `long_sleep` is the night. */
const NAPS = new Set(['sleep', 'late_nap']);
/** Rejected as sleep by Oura or by the user, perhaps after we have stored it. */
const NO_SLEEP = new Set(['deleted', 'rest']);
const EPOCH_LISTS = [
  ['sleep_phase_30_sec', 30],
  ['sleep_phase_5_min', 300],
] as const;

/** `sleep`: a night or nap with its stages, and the series measured in it. */
export const mapSleep = recordMapper(OURA_SOURCE, (record, writer, context) => {
  const externalId = requiredText(record, 'id');
  const type = textAt(record, 'type') ?? '';
  if (NO_SLEEP.has(type)) return context.remove({ kind: 'event', category: 'sleep', externalId });
  const start = requiredTime(record, 'bedtime_start');
  const end = requiredTime(record, 'bedtime_end');
  const durationSeconds =
    Math.trunc(amountAt(record, 'time_in_bed', context) ?? 0) || Math.trunc((end.at - start.at) / SECOND);
  const seconds = (field: string): number => amountAt(record, field, context) ?? 0;
  writer.sleep({
    externalId,
    sourceName: OURA_NAME,
    startedAt: start.at,
    endedAt: end.at,
    zoneOffset: start.zoneOffset,
    isNap: NAPS.has(type),
    durationSeconds,
    timeInBedMinutes: wholeMinutesOf(durationSeconds),
    ...minutesOfNight({
      deep: seconds('deep_sleep_duration'),
      light: seconds('light_sleep_duration'),
      rem: seconds('rem_sleep_duration'),
      awake: seconds('awake_time'),
    }),
    efficiencyPercent: numberAt(record, 'efficiency', context),
    stages: stagesOf(record, start.at),
  });
  mapSleepSeries(record, start, writer, context);
});

/** One character per epoch from the start; equal neighbours are one stage. */
function stagesOf(record: JsonObject, start: Instant): readonly SleepStageInterval[] {
  const stages: SleepStageInterval[] = [];
  const [epochs, seconds] = epochsOf(record);
  [...epochs].forEach((epoch, index) => {
    const stage = findSleepStage('oura', epoch) ?? 'unknown';
    const startedAt = start + index * seconds * SECOND;
    const endedAt = startedAt + seconds * SECOND;
    const last = stages.at(-1);
    if (last?.stage === stage) stages[stages.length - 1] = { ...last, endedAt };
    else stages.push({ stage, startedAt, endedAt });
  });
  return stages;
}

/** The finest list that Oura sent, with the length of its epochs in seconds. */
function epochsOf(record: JsonObject): readonly [string, number] {
  for (const [field, seconds] of EPOCH_LISTS) {
    const text = record[field];
    if (typeof text === 'string' && text !== '') return [text, seconds];
  }
  return ['', 30];
}
