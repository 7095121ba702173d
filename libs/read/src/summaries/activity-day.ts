import type { LocalDate } from '#libs/model';
import { SUMMED_SERIES, type SummedMetric } from './activity-summary.sql.js';
import type { IntensityMinutes } from './heart-rate-zones.js';
import { roundHalfEven } from './rounding.js';
import {
  type Candidate,
  type Choice,
  chooseSource,
  type RankedRow,
  type RankedSource,
  rankedSourceOf,
} from './source-choice.js';

/** One day of activity, every metric from the best source that has it. Units: m, kcal, min, bpm. */
export interface ActivityDay {
  readonly date: LocalDate;
  readonly source: RankedSource;
  readonly steps: number;
  readonly distanceMeters: number | null;
  readonly floorsClimbed: number | null;
  readonly elevationMeters: number | null;
  readonly activeCalories: number;
  readonly totalCalories: number;
  readonly activeMinutes: number | null;
  readonly sedentaryMinutes: number | null;
  readonly intensity: IntensityMinutes | null;
  readonly heartRate: { readonly avg: number; readonly max: number; readonly min: number } | null;
  /** Which source won each metric, and why. */
  readonly choices: Readonly<Record<string, Choice>>;
}

/** What one source's rollups say about one day. */
export interface ActivityRow extends RankedRow, Record<string, unknown> {
  local_date: LocalDate;
  /** Minutes with steps, and with many of them; null without intraday steps. */
  tracked_minutes: number | null;
  active_minutes: number | null;
  heart_rate_avg: number | null;
  heart_rate_max: number;
  heart_rate_min: number;
  /** Null without intraday heart rate, like the other two. */
  light_minutes: number | null;
  moderate_minutes: number | null;
  vigorous_minutes: number | null;
}

/** What one source's workouts climbed on one day. */
export interface ElevationRow extends RankedRow, Record<string, unknown> {
  local_date: LocalDate;
  elevation: number;
}

interface Total {
  readonly value: number;
  readonly isDailyTotal: boolean;
}

interface SourceDay extends Candidate {
  readonly row: ActivityRow;
  readonly totals: Readonly<Record<SummedMetric, Total | null>>;
  readonly minutes: { readonly active: number; readonly tracked: number } | null;
}

const METRICS = Object.keys(SUMMED_SERIES) as SummedMetric[];
const METERS_PER_FLOOR = 3;

/**
 * A day out of what each source knows about it, best source first.
 *
 * @param rows at least one, all of one date
 * @param climbs of the same date, possibly of other sources
 */
export function activityDay(rows: readonly ActivityRow[], climbs: readonly ElevationRow[]): ActivityDay {
  const sources = rows.map(sourceDay);
  const choices: Record<string, Choice> = {};
  const choose = <T extends Candidate>(
    metric: string,
    candidates: readonly T[],
    has: (candidate: T) => boolean,
    isWeak?: (candidate: T) => boolean,
  ): T | null => {
    const found = chooseSource(candidates, has, isWeak);
    if (found) choices[metric] = found.choice;
    return found?.winner ?? null;
  };
  const sum = (metric: SummedMetric, name: string): number | null =>
    choose(
      name,
      sources,
      ({ totals }) => totals[metric] !== null,
      ({ totals }) => isZeroTotal(totals[metric]),
    )?.totals[metric]?.value ?? null;

  const best = sources.find((source) => !hasOnlyZeroTotals(source)) ?? sources[0]!;
  const steps = sum('steps', 'steps');
  const active = sum('activeEnergy', 'active_calories');
  const basal = sum('basalEnergy', 'basal_calories');
  const distance = sum('distance', 'distance');
  const flights = sum('flights', 'floors_climbed');
  const climbed = choose('elevation', climbs.map(climbOf), () => true)?.elevation ?? null;
  const movement = choose(
    'active_minutes',
    sources,
    ({ totals, minutes }) => totals.activeTime !== null || minutes !== null,
    ({ totals, minutes }) => minutes === null && isZeroTotal(totals.activeTime),
  );
  const minutes = movement?.minutes ?? null;
  const activeTime = movement?.totals.activeTime ?? null;
  const pulse = choose('heart_rate', sources, ({ row }) => row.heart_rate_avg !== null)?.row;
  const beats = choose('intensity_minutes', sources, ({ row }) => row.light_minutes !== null);

  return {
    date: best.row.local_date,
    source: best.rank,
    steps: Math.trunc(steps ?? 0),
    distanceMeters: distance,
    floorsClimbed: flights !== null ? Math.trunc(flights) : floorsOf(climbed),
    elevationMeters: climbed,
    activeCalories: active ?? 0,
    totalCalories: (active ?? 0) + (basal ?? 0),
    activeMinutes: activeTime ? Math.trunc(activeTime.value) : (minutes?.active ?? null),
    sedentaryMinutes: minutes && minutes.tracked - minutes.active,
    intensity: beats ? intensityOf(beats.row) : null,
    heartRate: pulse ? heartRateOf(pulse) : null,
    choices,
  };
}

function sourceDay(row: ActivityRow): SourceDay {
  const total = (metric: SummedMetric): Total | null => {
    const column = metric.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const day = row[`${column}_day`] as number | null;
    const parts = row[`${column}_parts`] as number | null;
    if (day !== null) return { value: day, isDailyTotal: true };
    return parts === null ? null : { value: parts, isDailyTotal: false };
  };
  return {
    row,
    rank: rankedSourceOf(row),
    totals: Object.fromEntries(METRICS.map((metric) => [metric, total(metric)])) as SourceDay['totals'],
    // A day whose samples are all too long to be spread tracks no minute at all.
    minutes: row.tracked_minutes ? { active: row.active_minutes ?? 0, tracked: row.tracked_minutes } : null,
  };
}

const isZeroTotal = (total: Total | null): boolean => total !== null && total.isDailyTotal && total.value === 0;

const hasOnlyZeroTotals = ({ row, totals }: SourceDay): boolean =>
  row.heart_rate_avg === null && METRICS.every((metric) => totals[metric] === null || isZeroTotal(totals[metric]));

const climbOf = (row: ElevationRow): Candidate & { elevation: number } => ({
  rank: rankedSourceOf(row),
  elevation: row.elevation,
});

const floorsOf = (elevation: number | null): number | null =>
  elevation !== null && elevation > 0 ? Math.trunc(elevation / METERS_PER_FLOOR) : null;

const intensityOf = (row: ActivityRow): IntensityMinutes => ({
  light: row.light_minutes ?? 0,
  moderate: row.moderate_minutes ?? 0,
  vigorous: row.vigorous_minutes ?? 0,
});

const heartRateOf = (row: ActivityRow): ActivityDay['heartRate'] => ({
  avg: roundHalfEven(row.heart_rate_avg ?? 0),
  max: Math.trunc(row.heart_rate_max),
  min: Math.trunc(row.heart_rate_min),
});
