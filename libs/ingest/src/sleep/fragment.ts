import {
  SLEEP_STAGES,
  type Instant,
  type SleepStage,
  type SleepStageInterval,
  type ZoneOffsetMinutes,
} from '#libs/model';

interface FragmentBase {
  readonly id: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly isNap: boolean;
  readonly externalId: string | null;
  readonly sourceName: string | null;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  /** Event that was last derived from it. */
  readonly eventId: string | null;
}

/** One stretch of one stage, as phones deliver sleep. */
export interface SegmentFragment extends FragmentBase {
  readonly kind: 'segment';
  readonly stage: SleepStage;
  /** Vendor sleep score sent with it. */
  readonly score: number | null;
}

/** One whole session with the vendor's own totals, as clouds deliver sleep. */
export interface SessionFragment extends FragmentBase {
  readonly kind: 'session';
  readonly totals: SessionTotals;
}

export type SleepFragment = SegmentFragment | SessionFragment;

/** A vendor's numbers about one session; null = not sent. */
export interface SessionTotals {
  readonly durationSeconds: number | null;
  readonly totalMinutes: number | null;
  readonly timeInBedMinutes: number | null;
  readonly efficiencyPercent: number | null;
  readonly deepMinutes: number | null;
  readonly remMinutes: number | null;
  readonly lightMinutes: number | null;
  readonly awakeMinutes: number | null;
  /** Sorted by start. */
  readonly stages: readonly SleepStageInterval[] | null;
}

/** A sleep session derived from a group of fragments: what its event and detail hold. */
export interface DerivedSleep {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly durationSeconds: number;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly externalId: string | null;
  readonly sourceName: string | null;
  readonly isNap: boolean;
  readonly totalMinutes: number | null;
  readonly timeInBedMinutes: number | null;
  readonly efficiencyPercent: number | null;
  readonly deepMinutes: number | null;
  readonly remMinutes: number | null;
  readonly lightMinutes: number | null;
  readonly awakeMinutes: number | null;
  readonly stages: readonly SleepStageInterval[] | null;
}

const stageRank = (fragment: SleepFragment): number =>
  fragment.kind === 'segment' ? SLEEP_STAGES.indexOf(fragment.stage) : 0;

/** A total order by content: start, end, stage, external id. The order of delivery has no part in it. */
export function compareFragments(a: SleepFragment, b: SleepFragment): number {
  return (
    a.startedAt - b.startedAt ||
    a.endedAt - b.endedAt ||
    stageRank(a) - stageRank(b) ||
    compareText(a.externalId ?? '', b.externalId ?? '')
  );
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const firstOffset = (fragments: readonly SleepFragment[]): ZoneOffsetMinutes | null =>
  fragments.find((fragment) => fragment.zoneOffset !== null)?.zoneOffset ?? null;
