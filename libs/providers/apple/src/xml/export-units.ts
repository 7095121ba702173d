import { loadTable, multiplyDecimal, seriesTypeByCode, shape, type SeriesCode } from '#libs/model';
import { convert, SDK_METRICS, type Conversion } from '#libs/providers/kit';
import { decimalIn } from './decimal-text.js';
import { utf8Text } from './utf8-text.js';

/** Factor to the unit of the series by the export's unit text. */
const FACTORS = loadTable(new URL('../data/xml-units.json', import.meta.url), shape.record(shape.record(shape.number)));

/** Turns an exported value into the unit of its series. */
export type Converter = (value: number) => number;

const same: Converter = (value) => value;
const times =
  (factor: number): Converter =>
  (value) =>
    multiplyDecimal(value, factor);
const sdk =
  (conversion: Conversion, unit: string): Converter =>
  (value) =>
    convert(value, conversion, unit, true);

/**
 * Where an export's unit leads in the unit of a series; no unit is the series' own. Null for a unit nobody can convert.
 * `conversion`: how uploads of phones treat the same type, so that both ways store the same number.
 */
export function converterTo(
  seriesUnit: string,
  conversion: Conversion | null,
  unit: string | undefined,
): Converter | null {
  if (!unit) return same;
  if (unit === '%') return converterOfPercent(seriesUnit, conversion);
  if (conversion === 'glucose' && unit.startsWith('mmol')) return sdk('glucose', unit);
  if (seriesUnit === 'celsius' && unit === 'degF') return (value) => ((value - 32) * 5) / 9;
  const factors = FACTORS[seriesUnit];
  const factor = factors && Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  if (factor === undefined) return null;
  return factor === 1 ? same : times(factor);
}

/** `%` marks a fraction. */
function converterOfPercent(seriesUnit: string, conversion: Conversion | null): Converter | null {
  if (conversion === 'blood_alcohol') return sdk('blood_alcohol', '%');
  return conversion === 'percent' || seriesUnit === 'percent' ? sdk('percent', '%') : null;
}

/** The number that a text of unit `from` writes, in the unit `to` of a series; null when one of them is not known. */
export function numberIn(text: string | undefined, from: string | undefined, to: string): number | null {
  const value = decimalIn(text);
  const convert = converterTo(to, null, from);
  return value !== null && convert ? convert(value) : null;
}

/** A type of record that becomes points. */
export interface ExportMetric {
  readonly type: string;
  readonly series: SeriesCode;
  /** Converter of a unit; null for a unit nobody can convert. */
  converter(unit: string | undefined): Converter | null;
}

const MOST_UNITS = 100;

/** The same types in the same series as phones send them. */
const METRICS = new Map(
  SDK_METRICS.flatMap(({ metric, series, conversion }): [string, ExportMetric][] => {
    const unitOfSeries = series === null ? undefined : seriesTypeByCode(series)?.unit;
    if (!metric.startsWith('HKQuantityType') || series === null || unitOfSeries === undefined) return [];
    const converters = new Map<string | undefined, Converter | null>();
    const converter = (unit: string | undefined): Converter | null => {
      const known = converters.get(unit);
      if (known !== undefined) return known;
      const made = converterTo(unitOfSeries, conversion, unit && utf8Text(unit));
      if (converters.size < MOST_UNITS) converters.set(unit, made);
      return made;
    };
    return [[metric, { type: metric, series, converter }]];
  }),
);

/** Undefined for a type that is not stored. */
export const exportMetric = (type: string): ExportMetric | undefined => METRICS.get(type);
