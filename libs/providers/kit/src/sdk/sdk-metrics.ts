import { loadTable, seriesTypeByCode, shape } from '#libs/model';
import { CONVERSIONS, type Conversion } from './conversion.js';

/** What a phone's record type is stored as. */
export interface SdkMetric {
  readonly metric: string;
  /** Null: known, and not stored as a point. */
  readonly series: string | null;
  readonly conversion: Conversion | null;
  /** True: the reading stands for its whole local day. */
  readonly dailyTotal?: boolean | undefined;
}

export const knownSeries = (value: unknown, path: string): string => {
  const code = shape.text(value, path);
  if (!seriesTypeByCode(code)) throw new Error(`${path}: ${code} is no series type`);
  return code;
};

export const conversionShape = shape.nullable(shape.oneOf(...CONVERSIONS));

/** Record types of HealthKit, Health Connect and Samsung Health. */
export const SDK_METRICS: readonly SdkMetric[] = loadTable(
  new URL('../data/sdk-metrics.json', import.meta.url),
  shape.list(
    shape.object({
      metric: shape.text,
      series: shape.nullable(knownSeries),
      conversion: conversionShape,
      dailyTotal: shape.optional(shape.flag),
    }),
  ),
);

const byMetric = new Map(SDK_METRICS.map((row) => [row.metric, row]));

/** Exact, case-sensitive. */
export const sdkMetric = (type: string): SdkMetric | undefined => byMetric.get(type);
