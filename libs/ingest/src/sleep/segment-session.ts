import type { SleepStage } from '#libs/model';
import { firstOffset, type DerivedSleep, type SegmentFragment } from './fragment.js';
import {
  roundToHundredths,
  timePerStage,
  unionLength,
  wholeMinutes,
  wholeSeconds,
  withoutOverlaps,
} from './stage-timeline.js';

const OPENING: ReadonlySet<SleepStage> = new Set(['in_bed', 'sleeping', 'light', 'deep', 'rem']);
const ASLEEP: ReadonlySet<SleepStage> = new Set(['sleeping', 'light', 'deep', 'rem']);
const DETAILED: ReadonlySet<SleepStage> = new Set(['light', 'deep', 'rem']);

export interface DerivedSegmentSleep extends DerivedSleep {
  /** Vendor sleep score of the last segment that has one. */
  readonly score: number | null;
}

/**
 * One session out of a sorted group of segments; null when nobody slept or lay in bed.
 *
 * Time awake before anything else does not count. Without any stage of sleep, lying in bed counts as sleeping; with
 * light, deep or REM sleep, undifferentiated sleep does not count. Where segments overlap the earlier start wins.
 * Time in bed is the union of the in-bed segments (without any: all counted stages), at least sleep and time awake.
 */
export function deriveSegmentSession(group: readonly SegmentFragment[]): DerivedSegmentSleep | null {
  const opening = group.findIndex(({ stage }) => OPENING.has(stage));
  if (opening < 0) return null;
  const segments = group.slice(opening);
  const stages = withoutOverlaps(countedStages(segments));
  const first = stages[0];
  const last = stages.at(-1);
  if (!first || !last) return null;

  const time = timePerStage(stages);
  const asleep = time.sleeping + time.light + time.deep + time.rem;
  const inBed = segments.filter(({ stage }) => stage === 'in_bed');
  const timeInBed = Math.max(unionLength(inBed), asleep + time.awake);
  return {
    startedAt: first.startedAt,
    endedAt: last.endedAt,
    durationSeconds: wholeSeconds(last.endedAt - first.startedAt),
    zoneOffset: firstOffset(group),
    externalId: segments[0]?.externalId ?? null,
    sourceName: segments.find(({ sourceName }) => sourceName !== null)?.sourceName ?? null,
    isNap: segments.every(({ isNap }) => isNap),
    totalMinutes: wholeMinutes(asleep),
    timeInBedMinutes: wholeMinutes(timeInBed),
    efficiencyPercent: timeInBed === 0 ? null : roundToHundredths((asleep / timeInBed) * 100),
    deepMinutes: wholeMinutes(time.deep),
    remMinutes: wholeMinutes(time.rem),
    lightMinutes: wholeMinutes(time.light),
    awakeMinutes: wholeMinutes(time.awake),
    stages,
    score: group.findLast(({ score }) => score !== null)?.score ?? null,
  };
}

function countedStages(
  segments: readonly SegmentFragment[],
): { stage: SleepStage; startedAt: number; endedAt: number }[] {
  const hasSleep = segments.some(({ stage }) => ASLEEP.has(stage));
  const hasDetail = segments.some(({ stage }) => DETAILED.has(stage));
  return segments
    .map(({ stage, startedAt, endedAt }) => ({
      stage: stage === 'in_bed' && !hasSleep ? ('sleeping' as const) : stage,
      startedAt,
      endedAt,
    }))
    .filter(({ stage }) => stage !== 'in_bed' && stage !== 'unknown' && !(hasDetail && stage === 'sleeping'));
}
