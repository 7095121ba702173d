import { formatInstant, parseIsoInstant, type SleepStage, type SleepStageInterval } from '#libs/model';

/** A stage interval as stored and shown: wire names, wire times. */
export interface StoredStage {
  readonly stage: SleepStage;
  readonly start_time: string;
  readonly end_time: string;
}

export const storedStages = (stages: readonly SleepStageInterval[] | null): StoredStage[] | null =>
  stages &&
  stages.map(({ stage, startedAt, endedAt }) => ({
    stage,
    start_time: formatInstant(startedAt),
    end_time: formatInstant(endedAt),
  }));

export const stagesOf = (stored: readonly StoredStage[] | null): SleepStageInterval[] | null =>
  stored &&
  stored.map(({ stage, start_time, end_time }) => ({
    stage,
    startedAt: parseIsoInstant(start_time)!,
    endedAt: parseIsoInstant(end_time)!,
  }));
