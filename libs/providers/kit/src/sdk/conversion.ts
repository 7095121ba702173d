import { multiplyDecimal } from '#libs/model';

/** Ways from what a phone sends to the unit of the series. */
export const CONVERSIONS = ['percent', 'length', 'glucose', 'blood_alcohol'] as const;
export type Conversion = (typeof CONVERSIONS)[number];

const CENTIMETERS: Readonly<Record<string, number>> = { m: 100, cm: 1, mm: 0.1, in: 2.54, ft: 30.48 };
/** mg/dL of glucose per mmol/L: its molar mass, 180.182 g/mol. */
const GLUCOSE_FACTOR = 18.0182;

/**
 * A value in the unit of its series.
 * @param reportsFractions the platform states percentages as 0..1
 */
export function convert(
  value: number,
  conversion: Conversion | null,
  unit: string | null,
  reportsFractions: boolean,
): number {
  switch (conversion) {
    case null:
      return value;
    case 'percent':
      return reportsFractions && value <= 1 ? multiplyDecimal(value, 100) : value;
    case 'length':
      return multiplyDecimal(value, centimetersPer(unit));
    case 'glucose':
      return unit?.toLowerCase().startsWith('mmol') ? multiplyDecimal(value, GLUCOSE_FACTOR) : value;
    case 'blood_alcohol':
      return reportsFractions ? multiplyDecimal(value, milligramsPerDeciliter(value)) : value;
  }
}

/** A missing or unknown unit is taken for meters, in which both platforms store lengths. */
function centimetersPer(unit: string | null): number {
  const key = unit?.toLowerCase() ?? '';
  return (Object.hasOwn(CENTIMETERS, key) ? CENTIMETERS[key] : undefined) ?? 100;
}

/** 0.0008 is a fraction of mass per volume, 0.08 the same in percent, 80 already mg/dL. */
const milligramsPerDeciliter = (value: number): number => (value < 0.01 ? 100_000 : value < 1 ? 1000 : 1);
