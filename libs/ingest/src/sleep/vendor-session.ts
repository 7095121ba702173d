import type { SleepStageInterval } from '#libs/model';
import { firstOffset, type DerivedSleep, type SessionFragment, type SessionTotals } from './fragment.js';
import {
  roundToHundredths,
  timePerStage,
  unionLength,
  wholeMinutes,
  wholeSeconds,
  withoutOverlaps,
} from './stage-timeline.js';

type Minutes = Pick<
  DerivedSleep,
  'totalMinutes' | 'timeInBedMinutes' | 'deepMinutes' | 'remMinutes' | 'lightMinutes' | 'awakeMinutes' | 'stages'
>;

/** One session out of a sorted, non-empty group of vendor sessions. A single one keeps the vendor's numbers as sent. */
export function deriveVendorSession(group: readonly SessionFragment[]): DerivedSleep {
  const first = group[0]!;
  const endedAt = Math.max(...group.map((session) => session.endedAt));
  const windowSeconds = wholeSeconds(endedAt - first.startedAt);
  const common = {
    startedAt: first.startedAt,
    endedAt,
    zoneOffset: firstOffset(group),
    externalId: first.externalId,
    sourceName: group.find(({ sourceName }) => sourceName !== null)?.sourceName ?? null,
    isNap: group.every(({ isNap }) => isNap),
  };
  if (group.length === 1) {
    const { durationSeconds, ...totals } = first.totals;
    return { ...common, ...totals, durationSeconds: durationSeconds ?? windowSeconds };
  }
  const minutes = combinedMinutes(group);
  const mostInBed = wholeMinutes(unionLength(group));
  return {
    ...common,
    ...minutes,
    durationSeconds: windowSeconds,
    timeInBedMinutes: minutes.timeInBedMinutes === null ? null : Math.min(minutes.timeInBedMinutes, mostInBed),
    efficiencyPercent: weightedEfficiency(group),
  };
}

/**
 * Sessions one after the other add up. Of overlapping ones the stages are laid over each other and counted again;
 * where one has none, the longest session speaks for all.
 */
function combinedMinutes(group: readonly SessionFragment[]): Minutes {
  const stages = group.flatMap(({ totals }) => totals.stages ?? []).sort(compareIntervals);
  if (!overlap(group)) {
    return { ...addedUp(group), stages: stages.length === 0 ? null : stages };
  }
  if (group.every(({ totals }) => (totals.stages?.length ?? 0) > 0)) {
    return recounted(withoutOverlaps(stages), sum(group, 'timeInBedMinutes'));
  }
  return longest(group).totals;
}

function addedUp(group: readonly SessionFragment[]): Omit<Minutes, 'stages'> {
  return {
    totalMinutes: sum(group, 'totalMinutes'),
    timeInBedMinutes: sum(group, 'timeInBedMinutes'),
    deepMinutes: sum(group, 'deepMinutes'),
    remMinutes: sum(group, 'remMinutes'),
    lightMinutes: sum(group, 'lightMinutes'),
    awakeMinutes: sum(group, 'awakeMinutes'),
  };
}

function recounted(stages: readonly SleepStageInterval[], timeInBedMinutes: number | null): Minutes {
  const time = timePerStage(stages);
  const deepMinutes = wholeMinutes(time.deep);
  const remMinutes = wholeMinutes(time.rem);
  const lightMinutes = wholeMinutes(time.light);
  const totalMinutes = deepMinutes + remMinutes + lightMinutes + wholeMinutes(time.sleeping);
  const awakeMinutes = wholeMinutes(time.awake);
  return { totalMinutes, timeInBedMinutes, deepMinutes, remMinutes, lightMinutes, awakeMinutes, stages };
}

/** Null only where no session knows the number. */
function sum(group: readonly SessionFragment[], field: Exclude<keyof SessionTotals, 'stages'>): number | null {
  const known = group.flatMap(({ totals }) => totals[field] ?? []);
  return known.length === 0 ? null : known.reduce((total, minutes) => total + minutes, 0);
}

/** Weighted by time in bed, over the sessions that have both. Percent, two decimals. */
function weightedEfficiency(group: readonly SessionFragment[]): number | null {
  let weight = 0;
  let weighted = 0;
  for (const { totals } of group) {
    const { efficiencyPercent, timeInBedMinutes } = totals;
    if (!efficiencyPercent || !timeInBedMinutes || timeInBedMinutes < 0) continue;
    weight += timeInBedMinutes;
    weighted += efficiencyPercent * timeInBedMinutes;
  }
  return weight === 0 ? null : roundToHundredths(weighted / weight);
}

function overlap(sorted: readonly SessionFragment[]): boolean {
  let latestEnd = -Infinity;
  for (const { startedAt, endedAt } of sorted) {
    if (startedAt < latestEnd) return true;
    latestEnd = Math.max(latestEnd, endedAt);
  }
  return false;
}

/** The earliest of equals. */
const longest = (group: readonly SessionFragment[]): SessionFragment =>
  group.reduce((best, session) =>
    session.endedAt - session.startedAt > best.endedAt - best.startedAt ? session : best,
  );

const compareIntervals = (a: SleepStageInterval, b: SleepStageInterval): number =>
  a.startedAt - b.startedAt || a.endedAt - b.endedAt;
