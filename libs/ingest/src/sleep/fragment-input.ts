import type {
  HealthBatch,
  Instant,
  SleepSessionInput,
  SleepStage,
  SleepStageInterval,
  ZoneOffsetMinutes,
} from '#libs/model';
import {
  checkWindow,
  checkZone,
  cleanSourceName,
  isInstant,
  storableId,
  type DeliveredEvent,
} from '../events/event-draft.js';
import type { ProblemLog } from '../events/problem-log.js';
import { lastOfEach, type Identifiable } from '../events/record-identity.js';
import type { WriteContext } from '../write-context.js';
import type { SessionTotals } from './fragment.js';

/** No fragment is longer, so a search by start time never has to look further back. */
export const LONGEST_FRAGMENT_DAYS = 3;
const MAX_MINUTES = LONGEST_FRAGMENT_DAYS * 24 * 60;

interface FragmentRow {
  readonly sourceId: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly externalId: string | null;
  readonly sourceName: string | null;
  readonly zoneOffset: ZoneOffsetMinutes | null;
}

export interface SegmentRow extends FragmentRow {
  readonly stage: SleepStage;
  readonly score: number | null;
}

export interface SessionRow extends FragmentRow, Identifiable {
  readonly isNap: boolean;
  readonly totals: SessionTotals;
}

export interface FragmentRows {
  readonly segments: readonly SegmentRow[];
  readonly sessions: readonly SessionRow[];
  /** Storable deliveries that a later one of the batch replaced. */
  readonly repeated: number;
}

/** Sleep of a batch that can be stored, the last delivery of each fragment. */
export function fragmentRows(batch: HealthBatch, context: WriteContext, log: ProblemLog): FragmentRows {
  const segments = batch.sleepSegments.flatMap((input): SegmentRow[] => {
    const common = checkFragment(input, context, log);
    if (!common) return [];
    const { stage, score } = input;
    const isPossible = score === null || (score >= 0 && score <= 100);
    if (!isPossible) log.warning(input.origin, 'score', 'not between 0 and 100');
    return [{ ...common, stage, score: isPossible ? score : null }];
  });
  const sessions = batch.sleepSessions.flatMap((input): SessionRow[] => {
    const common = checkFragment(input, context, log);
    if (!common) return [];
    return [{ ...common, scope: common.sourceId, isNap: input.isNap, totals: checkTotals(input, log) }];
  });
  const lastSegments = new Map(segments.map((row) => [segmentKey(row), row]));
  const lastSessions = lastOfEach(sessions);
  return {
    segments: [...lastSegments.values()],
    sessions: lastSessions,
    repeated: segments.length - lastSegments.size + (sessions.length - lastSessions.length),
  };
}

const segmentKey = ({ sourceId, startedAt, endedAt, stage }: SegmentRow): string =>
  `${sourceId}|${startedAt}|${endedAt}|${stage}`;

function checkFragment(input: DeliveredEvent, context: WriteContext, log: ProblemLog): FragmentRow | null {
  const sourceId = checkWindow(input, LONGEST_FRAGMENT_DAYS, context, log);
  if (sourceId === null) return null;
  const { startedAt, endedAt } = input;
  if (startedAt === endedAt) {
    log.dropped(input.origin, 'ended_at', 'has no length');
    return null;
  }
  return {
    sourceId,
    startedAt,
    endedAt,
    externalId: storableId(input.externalId),
    sourceName: cleanSourceName(input.sourceName),
    zoneOffset: checkZone(input, log),
  };
}

function checkTotals(input: SleepSessionInput, log: ProblemLog): SessionTotals {
  const number = (value: number | null, path: string, most: number): number | null => {
    if (value === null || (value >= 0 && value <= most)) return value;
    log.warning(input.origin, path, 'not a possible number');
    return null;
  };
  const whole = (value: number | null, path: string, most: number): number | null => {
    const possible = number(value, path, most);
    return possible === null ? null : Math.trunc(possible);
  };
  return {
    durationSeconds: whole(input.durationSeconds, 'duration_seconds', MAX_MINUTES * 60),
    totalMinutes: whole(input.totalMinutes, 'total_minutes', MAX_MINUTES),
    timeInBedMinutes: whole(input.timeInBedMinutes, 'time_in_bed_minutes', MAX_MINUTES),
    efficiencyPercent: number(input.efficiencyPercent, 'efficiency_percent', 100),
    deepMinutes: whole(input.deepMinutes, 'deep_minutes', MAX_MINUTES),
    remMinutes: whole(input.remMinutes, 'rem_minutes', MAX_MINUTES),
    lightMinutes: whole(input.lightMinutes, 'light_minutes', MAX_MINUTES),
    awakeMinutes: whole(input.awakeMinutes, 'awake_minutes', MAX_MINUTES),
    stages: sortedStages(input.stages),
  };
}

/** Intervals with a length, by start; null when there are none. */
function sortedStages(stages: readonly SleepStageInterval[] | null): readonly SleepStageInterval[] | null {
  const real = (stages ?? []).filter(
    ({ startedAt, endedAt }) => isInstant(startedAt) && isInstant(endedAt) && startedAt < endedAt,
  );
  return real.length === 0 ? null : real.sort((a, b) => a.startedAt - b.startedAt);
}
