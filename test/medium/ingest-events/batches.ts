import type {
  HealthBatch,
  Instant,
  MenstrualCycleInput,
  PointInput,
  ScoreInput,
  SleepSegmentInput,
  SleepSessionInput,
  SleepStage,
  SourceIdentity,
  WorkoutDetailInput,
  WorkoutInput,
} from '#libs/model';
import { parseIsoInstant } from '#libs/model';

/** An instant out of ISO text without seconds and zone: `at('2026-03-01T22:50')`. */
export function at(text: string): Instant {
  const instant = parseIsoInstant(`${text}:00Z`);
  if (instant === null) throw new Error(`Not a time: ${text}`);
  return instant;
}

const EMPTY: Omit<HealthBatch, 'provider' | 'sources'> = {
  points: [],
  workouts: [],
  sleepSegments: [],
  sleepSessions: [],
  cycles: [],
  scores: [],
  activities: [],
};

export const source = (overrides: Partial<SourceIdentity> = {}): SourceIdentity => ({
  source: 'Demo Watch',
  deviceModel: 'Watch7,1',
  deviceType: null,
  softwareVersion: null,
  originalSourceName: null,
  ...overrides,
});

export const batch = (overrides: Partial<HealthBatch>): HealthBatch => ({
  ...EMPTY,
  provider: 'apple',
  sources: [source()],
  ...overrides,
});

const origin = (collection: string, index = 0) => ({ collection, index });

const NO_DETAIL: WorkoutDetailInput = {
  heartRateMin: null,
  heartRateMax: null,
  heartRateAvg: null,
  energyBurned: null,
  distance: null,
  stepsCount: null,
  maxSpeed: null,
  averageSpeed: null,
  maxWatts: null,
  averageWatts: null,
  averageCadence: null,
  movingTimeSeconds: null,
  totalElevationGain: null,
  elevHigh: null,
  elevLow: null,
  segments: null,
  hrZones: null,
  powerZones: null,
  route: null,
  samples: null,
};

export const workout = ({
  detail,
  ...overrides
}: Partial<Omit<WorkoutInput, 'detail'>> & { detail?: Partial<WorkoutDetailInput> } = {}): WorkoutInput => ({
  sourceIndex: 0,
  zoneOffset: 60,
  origin: origin('workouts'),
  externalId: 'w-1',
  sourceName: 'Demo Watch',
  startedAt: at('2026-03-01T17:00'),
  endedAt: at('2026-03-01T18:00'),
  type: 'running',
  durationSeconds: 3600,
  ...overrides,
  detail: { ...NO_DETAIL, ...detail },
});

export const cycle = (overrides: Partial<MenstrualCycleInput> = {}): MenstrualCycleInput => ({
  sourceIndex: 0,
  zoneOffset: null,
  origin: origin('cycles'),
  externalId: 'c-1',
  sourceName: null,
  startedAt: at('2026-03-01T00:00'),
  endedAt: at('2026-03-29T00:00'),
  type: 'follicular',
  detail: { day_in_cycle: 3 },
  ...overrides,
});

/** One stretch of one stage, times as `HH:MM` of `night` (from noon on) or of the day after it. */
export function segment(
  stage: SleepStage,
  from: string,
  to: string,
  overrides: Partial<SleepSegmentInput> & { night?: string } = {},
): SleepSegmentInput {
  const { night = '2026-03-01', ...fields } = overrides;
  return {
    sourceIndex: 0,
    zoneOffset: null,
    origin: origin('sleep'),
    stage,
    startedAt: onNight(night, from),
    endedAt: onNight(night, to),
    externalId: null,
    sourceName: 'Demo Watch',
    score: null,
    ...fields,
  };
}

/** `HH:MM` in the noon-to-noon window that begins on `night`. */
export function onNight(night: string, time: string): Instant {
  const day = 86_400_000_000;
  return at(`${night}T${time}`) + (time < '12:00' ? day : 0);
}

export const session = (
  from: string,
  to: string,
  overrides: Partial<SleepSessionInput> & { night?: string } = {},
): SleepSessionInput => {
  const { night = '2026-03-01', ...fields } = overrides;
  return {
    sourceIndex: 0,
    zoneOffset: 60,
    origin: origin('sleep'),
    externalId: null,
    sourceName: 'Ring',
    startedAt: onNight(night, from),
    endedAt: onNight(night, to),
    isNap: false,
    durationSeconds: null,
    totalMinutes: 400,
    timeInBedMinutes: 450,
    efficiencyPercent: 89,
    deepMinutes: 80,
    remMinutes: 90,
    lightMinutes: 230,
    awakeMinutes: 50,
    stages: null,
    ...fields,
  };
};

export const score = (overrides: Partial<ScoreInput> = {}): ScoreInput => ({
  sourceIndex: 0,
  category: 'recovery',
  value: 61,
  qualifier: null,
  recordedAt: at('2026-03-02T07:00'),
  zoneOffset: 60,
  components: null,
  sleepStartedAt: null,
  origin: origin('scores'),
  ...overrides,
});

export const point = (series: string, recordedAt: Instant, value: number, sourceIndex = 0): PointInput => ({
  sourceIndex,
  zoneOffset: null,
  origin: origin('records'),
  series,
  recordedAt,
  endedAt: null,
  value,
  isDailyTotal: false,
  externalId: null,
});

/** The night of the worked example: segments of one phone. */
export const workedExample = (overrides: { night?: string } = {}): SleepSegmentInput[] => [
  segment('in_bed', '22:50', '06:40', overrides),
  segment('light', '23:05', '00:10', overrides),
  segment('deep', '00:10', '01:00', overrides),
  segment('awake', '01:00', '01:12', overrides),
  segment('rem', '01:12', '01:55', overrides),
  segment('light', '01:50', '06:30', overrides),
];
