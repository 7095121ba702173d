import type { WorkoutDetailInput, WorkoutInput } from '#libs/model';
import type { ProblemLog } from './problem-log.js';

type NumericField = {
  [Field in keyof WorkoutDetailInput]: number extends WorkoutDetailInput[Field] ? Field : never;
}[keyof WorkoutDetailInput];

export interface NumericColumn {
  readonly field: NumericField;
  readonly column: string;
  /** Digits kept after the point, halves away from zero. */
  readonly decimals: 0 | 2 | 3;
}

const column = (field: NumericField, name: string, decimals: NumericColumn['decimals']): NumericColumn => ({
  field,
  column: name,
  decimals,
});

export const NUMERIC_COLUMNS: readonly NumericColumn[] = [
  column('heartRateMin', 'heart_rate_min', 0),
  column('heartRateMax', 'heart_rate_max', 0),
  column('heartRateAvg', 'heart_rate_avg', 2),
  column('energyBurned', 'energy_burned', 3),
  column('distance', 'distance', 3),
  column('stepsCount', 'steps_count', 0),
  column('maxSpeed', 'max_speed', 2),
  column('averageSpeed', 'average_speed', 2),
  column('maxWatts', 'max_watts', 3),
  column('averageWatts', 'average_watts', 3),
  column('averageCadence', 'average_cadence', 2),
  column('movingTimeSeconds', 'moving_time_seconds', 0),
  column('totalElevationGain', 'total_elevation_gain', 3),
  column('elevHigh', 'elev_high', 3),
  column('elevLow', 'elev_low', 3),
];

/** Numbers of this size and beyond are faults of the sender, by digits kept after the point. */
const LIMITS: Readonly<Record<NumericColumn['decimals'], number>> = { 0: 2_147_483_647, 2: 1000, 3: 10_000_000 };

/** Numbers of a workout by column. What is no possible number becomes null with a warning. */
export function checkNumbers({ detail, origin }: WorkoutInput, log: ProblemLog): Record<string, number | null> {
  const numbers: Record<string, number | null> = {};
  for (const { field, column: name, decimals } of NUMERIC_COLUMNS) {
    const value = detail[field];
    const isPossible = value === null || (Number.isFinite(value) && Math.abs(value) < LIMITS[decimals]);
    if (!isPossible) log.warning(origin, name, 'not a possible number');
    numbers[name] = isPossible ? value : null;
  }
  return numbers;
}

/** Columns of the numbers that are only estimated. */
export const estimatedColumns = ({ estimates = [] }: WorkoutInput): readonly string[] =>
  NUMERIC_COLUMNS.flatMap(({ field, column: name }) => (estimates.includes(field) ? [name] : []));
