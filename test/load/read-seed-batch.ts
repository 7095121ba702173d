/** What one provider delivers about a stretch of days, as the mappers would hand it over. */
import {
  DAY,
  type HealthBatch,
  HOUR,
  type Instant,
  instantFromDate,
  type PointInput,
  SECOND,
  type SleepSessionInput,
  type WorkoutInput,
} from '#libs/model';
import { SEED_PROVIDERS, SEED_SOURCES, SEED_START, type UserPlan } from './read-seed-plan.js';

const START: Instant = instantFromDate(new Date(SEED_START));
const origin = { collection: 'seed', index: 0 };
const common = { sourceIndex: 0, zoneOffset: null, origin, externalId: null, sourceName: null };

/** The batch of the provider at that place in `SEED_PROVIDERS`, of days counted from the start of the seed. */
export function seedBatch(plan: UserPlan, source: number, fromDay: number, toDay: number): HealthBatch {
  const days = Array.from({ length: toDay - fromDay }, (_, n) => START + (fromDay + n) * DAY);
  const isWatch = source === 0;
  return {
    provider: SEED_PROVIDERS[source]!,
    sources: [SEED_SOURCES[source]!],
    points: pointsOf(plan, source, fromDay, toDay),
    sleepSessions: source < 2 ? days.map(night) : [],
    workouts: isWatch ? days.filter((_, n) => n % 2 === 0).map(workout) : [],
    scores: source === 1 ? days.map(recovery) : [],
    sleepSegments: [],
    cycles: [],
    activities: [],
  };
}

function pointsOf({ streams }: UserPlan, source: number, fromDay: number, toDay: number): PointInput[] {
  const points: PointInput[] = [];
  const [from, to] = [fromDay * DAY, toDay * DAY];
  for (const { series, everySeconds, isDailyTotal } of streams.filter((stream) => stream.source === source)) {
    const step = everySeconds * SECOND;
    for (let n = Math.ceil(from / step); n * step < to; n++) {
      points.push({
        sourceIndex: 0,
        series,
        recordedAt: START + n * step,
        endedAt: null,
        value: 50 + ((n * 7919) % 97),
        isDailyTotal,
        externalId: null,
        zoneOffset: null,
        origin,
      });
    }
  }
  return points;
}

const night = (day: Instant): SleepSessionInput => ({
  ...common,
  startedAt: day,
  endedAt: day + 8 * HOUR,
  isNap: false,
  durationSeconds: 28_800,
  totalMinutes: 430,
  timeInBedMinutes: 480,
  efficiencyPercent: 89.6,
  deepMinutes: 90,
  remMinutes: 100,
  lightMinutes: 240,
  awakeMinutes: 50,
  stages: Array.from({ length: 16 }, (_, n) => ({
    stage: (['light', 'deep', 'rem', 'awake'] as const)[n % 4]!,
    startedAt: day + n * (HOUR / 2),
    endedAt: day + (n + 1) * (HOUR / 2),
  })),
});

const workout = (day: Instant): WorkoutInput => ({
  ...common,
  startedAt: day + 17 * HOUR,
  endedAt: day + 18 * HOUR,
  type: 'running',
  durationSeconds: 3600,
  detail: {
    heartRateMin: 90,
    heartRateMax: 170,
    heartRateAvg: 140,
    energyBurned: 600,
    distance: 10_000,
    stepsCount: null,
    maxSpeed: null,
    averageSpeed: null,
    maxWatts: null,
    averageWatts: null,
    averageCadence: null,
    movingTimeSeconds: null,
    totalElevationGain: 80,
    elevHigh: null,
    elevLow: null,
    segments: null,
    hrZones: null,
    powerZones: null,
    route: null,
    samples: null,
  },
});

const recovery = (day: Instant) => ({
  sourceIndex: 0,
  zoneOffset: null,
  origin,
  category: 'recovery',
  value: 66,
  qualifier: null,
  recordedAt: day + 8 * HOUR,
  components: { hrv_rmssd_milli: { value: 62, qualifier: null } },
  sleepStartedAt: null,
});
