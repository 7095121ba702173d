import type { SeriesCode } from './series-type.js';

/** Stored values have at most seven digits before the point: |value| < MAX_VALUE after rounding. */
export const MAX_VALUE = 10_000_000;

const VALUE_DIGITS = 3;
/** Above this a product by ten powers is no longer exact enough to see on which side of a half a value lies. */
const FAST_LIMIT = 1e12;
const NEAR_HALF = 1e-3;
const COORDINATES: ReadonlySet<SeriesCode> = new Set(['latitude', 'longitude']);

/**
 * Rounds half away from zero to `digits` decimals. The number stands for its shortest decimal text, so 1.0005 gives
 * 1.001 although its binary form lies below the half.
 */
export function roundDecimal(value: number, digits = VALUE_DIGITS): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value === 0 ? 0 : value;
  const power = 10 ** digits;
  const scaled = Math.abs(value) * power;
  const whole = Math.floor(scaled);
  const part = scaled - whole;
  const isClear = scaled < FAST_LIMIT && Math.abs(part - 0.5) > NEAR_HALF;
  const rounded = isClear ? (part > 0.5 ? whole + 1 : whole) : roundText(Math.abs(value), digits);
  return rounded === 0 ? 0 : (Math.sign(value) * rounded) / power;
}

/** |value| x 10^digits, rounded half up on the decimal text. */
function roundText(value: number, digits: number): number {
  const { coefficient, decimals } = decimalOf(value);
  if (decimals <= digits) return Number(coefficient * 10n ** BigInt(digits - decimals));
  const divisor = 10n ** BigInt(decimals - digits);
  return Number((coefficient * 2n + divisor) / (divisor * 2n));
}

/** A finite, non-negative number as coefficient x 10^-decimals. */
function decimalOf(value: number): { coefficient: bigint; decimals: number } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const coefficient = BigInt(whole + fraction);
  return decimals >= 0
    ? { coefficient, decimals }
    : { coefficient: coefficient * 10n ** BigInt(-decimals), decimals: 0 };
}

/**
 * Product of two decimal numbers as the nearest number to the exact decimal product, where that can decide the
 * rounding to three decimals: 0.010005 x 100 is 1.0005, not 1.0004999999999999.
 */
export function multiplyDecimal(value: number, factor: number): number {
  const product = value * factor;
  const scaled = Math.abs(product) * 10 ** VALUE_DIGITS;
  const isClear = Math.abs(scaled - Math.floor(scaled) - 0.5) > NEAR_HALF;
  if (isClear || !Number.isFinite(product) || scaled >= FAST_LIMIT) return product;
  const left = decimalOf(Math.abs(value));
  const right = decimalOf(Math.abs(factor));
  const exact = Number(`${left.coefficient * right.coefficient}e-${left.decimals + right.decimals}`);
  return product < 0 ? -exact : exact;
}

/** A point's value as it is stored: three decimals, half away from zero; coordinates keep all digits. */
export const roundValue = (series: SeriesCode, value: number): number =>
  COORDINATES.has(series) ? value : roundDecimal(value);

/** The rounded value when it can be stored, else null (not finite, or too large after rounding). */
export function storableValue(series: SeriesCode, value: number): number | null {
  const rounded = roundValue(series, value);
  return Math.abs(rounded) < MAX_VALUE ? rounded : null;
}
