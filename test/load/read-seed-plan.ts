/** What the users of the read bench wear, and when they began. */
import type { SourceIdentity } from '#libs/model';

/** One stream of the seed: a sample every `everySeconds`. */
export interface StreamPlan {
  /** Index in `SEED_SOURCES`. */
  readonly source: number;
  readonly series: string;
  readonly everySeconds: number;
  readonly isDailyTotal: boolean;
}

export interface UserPlan {
  readonly streams: readonly StreamPlan[];
  /** Days since 2021-01-01: the first, and the one after the last. */
  readonly fromDay: number;
  readonly toDay: number;
}

export const SEED_START = '2021-01-01T00:00:00Z';
export const SEED_END = '2026-01-01T00:00:00Z';
export const SEED_DAYS = 1826;
export const DAY_SECONDS = 86_400;

const device = (deviceModel: string, source: string, deviceType: SourceIdentity['deviceType']): SourceIdentity => ({
  deviceModel,
  source,
  deviceType,
  softwareVersion: null,
  originalSourceName: null,
});

/** A provider of its own each, in the order of `SEED_SOURCES`. */
export const SEED_PROVIDERS = ['apple', 'oura', 'garmin'] as const;
export const SEED_SOURCES = [
  device('Watch6,1', 'Watch', 'watch'),
  device('Ring 4', 'oura', 'ring'),
  device('Index S2', 'garmin', 'scale'),
];

const every = (source: number, everySeconds: number, ...series: string[]): StreamPlan[] =>
  series.map((code) => ({ source, series: code, everySeconds, isDailyTotal: false }));

const daily = (source: number, ...series: string[]): StreamPlan[] =>
  every(source, DAY_SECONDS, ...series).map((plan) => ({ ...plan, isDailyTotal: true }));

/** 30 streams and a million points a year: somebody with a watch, a ring and a scale. */
const HEAVY: readonly StreamPlan[] = [
  ...every(0, 60, 'heart_rate'),
  ...every(0, 300, 'steps', 'energy', 'distance_walking_running'),
  ...every(0, 900, 'respiratory_rate', 'oxygen_saturation'),
  ...every(0, 3600, 'heart_rate_variability_sdnn', 'flights_climbed', 'basal_energy'),
  ...every(0, DAY_SECONDS, 'resting_heart_rate', 'vo2_max', 'walking_heart_rate_average'),
  ...daily(0, 'steps', 'energy', 'active_time'),
  ...every(1, 900, 'heart_rate'),
  ...every(1, 3600, 'skin_temperature', 'oxygen_saturation', 'respiratory_rate', 'heart_rate_variability_rmssd'),
  ...daily(1, 'steps', 'energy', 'active_time'),
  ...every(2, 7 * DAY_SECONDS, 'weight', 'height', 'body_fat_percentage', 'body_mass_index', 'lean_body_mass'),
  ...every(2, 30 * DAY_SECONDS, 'blood_pressure_systolic', 'blood_pressure_diastolic'),
];

/** 250 points a day. */
const LIGHT: readonly StreamPlan[] = [
  ...every(0, 600, 'heart_rate'),
  ...every(0, 900, 'steps'),
  ...daily(0, 'steps', 'energy'),
  ...every(0, 12_343, 'oxygen_saturation'),
  ...every(0, DAY_SECONDS, 'resting_heart_rate'),
];
const LIGHT_DAYS = 50;
const LIGHT_POINTS = 250 * LIGHT_DAYS;
const FULL_POINTS = 30_000_000;
const FULL_LIGHT_USERS = 1_999;

/** Seldom enough that the samples within a day shrink with the size of the whole; days keep what they have. */
const thinned = (streams: readonly StreamPlan[], factor: number): StreamPlan[] =>
  streams.map((stream) =>
    stream.everySeconds >= DAY_SECONDS
      ? stream
      : { ...stream, everySeconds: Math.min(Math.round(stream.everySeconds * factor), DAY_SECONDS / 2) },
  );

/**
 * The user that is read, with five years and a sixth of all points, and as many others with fifty days each as it takes:
 * 30 million points are 2,000 users.
 */
export function userPlans(points: number): { heavy: UserPlan; light: readonly UserPlan[] } {
  const factor = Math.max(1, FULL_POINTS / points);
  const count =
    points >= FULL_POINTS ? Math.round((points * 5) / 6 / LIGHT_POINTS) : Math.ceil(FULL_LIGHT_USERS / factor);
  const light = Array.from({ length: count }, (_, n) => {
    const fromDay = (n * 37) % (SEED_DAYS - LIGHT_DAYS);
    return { streams: LIGHT, fromDay, toDay: fromDay + LIGHT_DAYS };
  });
  return { heavy: { streams: thinned(HEAVY, factor), fromDay: 0, toDay: SEED_DAYS }, light };
}
