import { loadTable, shape, type WorkoutDetailInput } from '#libs/model';
import type { SdkStatistic } from './sdk-items.js';
import { conversionShape, knownSeries } from './sdk-metrics.js';

const detailField = shape.oneOf(
  'heartRateMin',
  'heartRateMax',
  'heartRateAvg',
  'distance',
  'stepsCount',
  'maxSpeed',
  'averageSpeed',
  'averageWatts',
  'averageCadence',
  'totalElevationGain',
  'elevHigh',
  'elevLow',
);

const TABLE = loadTable(
  new URL('../data/workout-statistics.json', import.meta.url),
  shape.object({
    duration: shape.list(shape.text),
    detail: shape.record(detailField),
    detailIfMissing: shape.record(detailField),
    /** Groups in order of preference; the members of a group are added. */
    energy: shape.list(shape.list(shape.text)),
    series: shape.record(shape.object({ series: knownSeries, conversion: conversionShape })),
    unused: shape.list(shape.text),
  }),
);

const KNOWN: ReadonlySet<string> = new Set([
  ...TABLE.duration,
  ...Object.keys(TABLE.detail),
  ...Object.keys(TABLE.detailIfMissing),
  ...TABLE.energy.flat(),
  ...Object.keys(TABLE.series),
  ...TABLE.unused,
]);

/** Statistics that also become a point at the workout's end, by statistic type. */
export const STATISTIC_SERIES = new Map(Object.entries(TABLE.series));

export const isKnownStatistic = (type: string): boolean => KNOWN.has(type);

type NumberStatistic = SdkStatistic & { readonly value: number };

/** Flags are no measurements, nor is what overflows a number. */
export const isMeasured = (statistic: SdkStatistic): statistic is NumberStatistic => Number.isFinite(statistic.value);

/**
 * Duration in seconds: statistic in `ms` or, whatever else the unit says, in seconds; the last one counts.
 * Null when there is none that makes sense.
 */
export function statedDuration(statistics: readonly SdkStatistic[]): number | null {
  const stated = statistics
    .filter(isMeasured)
    .findLast(({ type, value }) => TABLE.duration.includes(type) && value >= 0);
  if (!stated) return null;
  return Math.trunc(stated.unit.toLowerCase() === 'ms' ? stated.value / 1000 : stated.value);
}

/** The detail fields that the statistics fill; where several fill one field, the last counts. */
export function detailOf(statistics: readonly SdkStatistic[]): Partial<WorkoutDetailInput> {
  const measured = statistics.filter(isMeasured);
  const fallback = fieldsOf(measured, TABLE.detailIfMissing);
  return { ...fallback, ...fieldsOf(measured, TABLE.detail), energyBurned: energyOf(measured) };
}

type DetailFields = Readonly<Record<string, keyof WorkoutDetailInput>>;

function fieldsOf(statistics: readonly NumberStatistic[], fields: DetailFields): Partial<WorkoutDetailInput> {
  const named = statistics.flatMap(({ type, value }) => {
    const field = Object.hasOwn(fields, type) ? fields[type] : undefined;
    return field ? [[field, value] as const] : [];
  });
  return Object.fromEntries(named);
}

/** The best stated total, or active and basal energy together; parts and totals are never added up. */
function energyOf(statistics: readonly NumberStatistic[]): number | null {
  const last = new Map(statistics.map(({ type, value }) => [type, value]));
  const group = TABLE.energy.find((types) => types.some((type) => last.has(type)));
  return group ? group.reduce((sum, type) => sum + (last.get(type) ?? 0), 0) : null;
}
