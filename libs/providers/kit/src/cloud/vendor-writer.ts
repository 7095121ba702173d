import {
  MAX_INSTANT,
  type Instant,
  type ScoreCategory,
  type ScoreInput,
  type SeriesCode,
  type SleepSessionInput,
  type SourceIdentity,
  type WorkoutDetailInput,
  type WorkoutInput,
  type ZoneOffsetMinutes,
} from '#libs/model';
import type { HealthBatchBuilder } from '../health-batch-builder.js';
import { EMPTY_WORKOUT_DETAIL } from '../workout-detail.js';
import { BadRecord, type MappingContext } from './mapping-context.js';
import { OUT_OF_RANGE, type VendorTime } from './vendor-record.js';

export type ScoreComponents = NonNullable<ScoreInput['components']>;

interface ScoreFacts extends Pick<ScoreInput, 'about'> {
  readonly qualifier?: string | null;
  readonly components?: ScoreComponents;
  /** Start of the night that the score is shown with. */
  readonly sleepStartedAt?: Instant;
}

interface EventFacts {
  readonly externalId: string | null;
  readonly sourceName: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
}

export type SleepFacts = EventFacts & Omit<SleepSessionInput, keyof EventFacts | 'sourceIndex' | 'origin'>;

/** Puts what one record says about one source into the batch. The source exists as soon as something hangs on it. */
export class VendorWriter {
  constructor(
    private readonly batch: HealthBatchBuilder,
    private readonly context: MappingContext,
    private readonly source: Partial<SourceIdentity>,
  ) {}

  /** One value at one instant; null adds nothing, and what no such measurement has is left out with a warning. */
  point(series: SeriesCode, { at, zoneOffset }: VendorTime, value: number | null, isDailyTotal = false): void {
    if (value === null) return;
    if (!isPossible(at)) return this.context.warn(IMPOSSIBLE_TIME, series);
    const time = { recordedAt: at, endedAt: null, zoneOffset };
    const isStored = this.batch.point({
      ...this.place(),
      ...time,
      series,
      value,
      isDailyTotal,
      externalId: null,
    });
    if (!isStored) this.context.warn(OUT_OF_RANGE, series);
  }

  /** A body measure, taken now, where it differs from the newest that is stored. */
  measure(series: SeriesCode, value: number | null, tolerance = 0.01): void {
    const newest = this.context.newest(series);
    if (value === null || (newest !== null && Math.abs(newest - value) <= tolerance)) return;
    this.point(series, { at: this.context.now, zoneOffset: null }, value);
  }

  score(category: ScoreCategory, { at, zoneOffset }: VendorTime, value: number | null, facts: ScoreFacts = {}): void {
    checkTimes(at);
    const components = facts.components && Object.keys(facts.components).length > 0 ? facts.components : null;
    this.batch.score({
      ...this.place(),
      category,
      value,
      qualifier: facts.qualifier ?? null,
      recordedAt: at,
      zoneOffset,
      components,
      sleepStartedAt: facts.sleepStartedAt ?? null,
      about: facts.about ?? null,
    });
  }

  workout(
    event: EventFacts & Pick<WorkoutInput, 'estimates'> & { readonly type: string; readonly durationSeconds: number },
    detail: Partial<WorkoutDetailInput>,
  ): void {
    checkTimes(event.startedAt, event.endedAt);
    checkCounts(event);
    const dropped = this.batch.workout({
      ...this.place(),
      ...event,
      detail: { ...EMPTY_WORKOUT_DETAIL, ...detail },
    });
    for (const field of dropped) this.context.warn(OUT_OF_RANGE, field);
  }

  sleep(session: SleepFacts): void {
    checkTimes(session.startedAt, session.endedAt);
    checkCounts(session);
    this.batch.sleepSession({ ...this.place(), ...session });
  }

  private place(): Pick<ScoreInput, 'origin'> & { sourceIndex: number } {
    return { sourceIndex: this.batch.source(this.source), origin: this.context.origin };
  }
}

const IMPOSSIBLE_TIME = 'has an impossible time';
const MAX_COUNT = 2_147_483_647;
const COUNTS = [
  'durationSeconds',
  'timeInBedMinutes',
  'totalMinutes',
  'deepMinutes',
  'remMinutes',
  'lightMinutes',
  'awakeMinutes',
] as const;

/** Arithmetic on a vendor's nonsense leads to times that do not exist. */
const isPossible = (at: Instant): boolean => Number.isSafeInteger(at) && Math.abs(at) <= MAX_INSTANT;

function checkTimes(...times: readonly Instant[]): void {
  if (!times.every(isPossible)) throw new BadRecord(IMPOSSIBLE_TIME);
}

function checkCounts(event: Partial<Record<(typeof COUNTS)[number], number | null>>): void {
  const bad = COUNTS.find((name) => {
    const value = event[name] ?? 0;
    return !Number.isInteger(value) || value < 0 || value > MAX_COUNT;
  });
  if (bad) throw new BadRecord('has an impossible duration', bad);
}

/** Score components out of plain numbers; null ones are left out. */
export const valueComponents = (values: Readonly<Record<string, number | null>>): ScoreComponents =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, { value, qualifier: null }]])),
  );

/** Minutes of a night out of the seconds in its stages. Each is rounded down, the total after adding. */
export const minutesOfNight = (
  seconds: Readonly<Record<'deep' | 'light' | 'rem' | 'awake', number>>,
): Pick<SleepSessionInput, 'totalMinutes' | 'deepMinutes' | 'lightMinutes' | 'remMinutes' | 'awakeMinutes'> => ({
  totalMinutes: wholeMinutesOf(seconds.deep + seconds.light + seconds.rem),
  deepMinutes: wholeMinutesOf(seconds.deep),
  lightMinutes: wholeMinutesOf(seconds.light),
  remMinutes: wholeMinutesOf(seconds.rem),
  awakeMinutes: wholeMinutesOf(seconds.awake),
});

/** Whole minutes of seconds, rounded down. */
export const wholeMinutesOf = (seconds: number): number => Math.floor(seconds / 60);
