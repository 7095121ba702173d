import { MINUTE, SECOND, type Instant, type SleepStage, type SleepStageInterval } from '#libs/model';

interface Span {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** Cuts what earlier intervals already cover off later ones; empty ones vanish. Expects and keeps order by start. */
export function withoutOverlaps(intervals: readonly SleepStageInterval[]): SleepStageInterval[] {
  const kept: SleepStageInterval[] = [];
  let covered = -Infinity;
  for (const { stage, startedAt, endedAt } of intervals) {
    const start = Math.max(startedAt, covered);
    if (endedAt <= start) continue;
    kept.push({ stage, startedAt: start, endedAt });
    covered = endedAt;
  }
  return kept;
}

/** Time per stage, in microseconds; stages that do not occur are 0. */
export function timePerStage(intervals: readonly SleepStageInterval[]): Readonly<Record<SleepStage, number>> {
  const time = { in_bed: 0, awake: 0, sleeping: 0, light: 0, deep: 0, rem: 0, unknown: 0 };
  for (const { stage, startedAt, endedAt } of intervals) time[stage] += endedAt - startedAt;
  return time;
}

/** Time covered by at least one span, in microseconds. Expects order by start. */
export function unionLength(spans: readonly Span[]): number {
  let covered = -Infinity;
  let length = 0;
  for (const { startedAt, endedAt } of spans) {
    length += Math.max(0, endedAt - Math.max(startedAt, covered));
    covered = Math.max(covered, endedAt);
  }
  return length;
}

export const wholeMinutes = (microseconds: number): number => Math.floor(microseconds / MINUTE);
export const wholeSeconds = (microseconds: number): number => Math.floor(microseconds / SECOND);

/** Two decimals, as efficiencies are stored. */
export const roundToHundredths = (value: number): number => Math.round(value * 100) / 100;
