import { MAX_INSTANT, parseStrictIsoInstant, SECOND, type Instant } from './instant.js';

/** Numbers beyond this are milliseconds, up to it seconds: as seconds it would lie in the year 2603. */
const MILLIS_FROM = 2e10;
const NUMBER_TEXT = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * A time as phones send it: ISO 8601 text (`T` or a blank between date and time, offset `Z`, `±HH:MM` or `±HHMM`
 * without a blank before it, none = UTC, date alone = midnight), or Unix seconds or milliseconds as number or text.
 * Null for anything else and for instants beyond `MAX_INSTANT`.
 */
export function parseSdkInstant(value: unknown): Instant | null {
  if (typeof value === 'number') return fromUnix(value);
  if (typeof value !== 'string') return null;
  return NUMBER_TEXT.test(value) ? fromUnix(Number(value)) : parseStrictIsoInstant(value);
}

function fromUnix(value: number): Instant | null {
  const micros = Math.round(Math.abs(value) > MILLIS_FROM ? value * 1000 : value * SECOND);
  return Math.abs(micros) <= MAX_INSTANT ? (micros === 0 ? 0 : micros) : null;
}
