/**
 * An instant: microseconds since 1970-01-01T00:00Z. A plain number is exact up to the year 2255; later instants are
 * refused by every parser, so arithmetic on instants never rounds.
 */
export type Instant = number;

export const MICROSECOND = 1;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Largest instant that is still an exact integer number. */
export const MAX_INSTANT: Instant = Date.UTC(2255, 0, 1) * 1000;
/** The same distance before 1970: an instant of the year 1684. */
export const MIN_INSTANT: Instant = -MAX_INSTANT;

export const instantFromDate = (date: Date): Instant => date.getTime() * 1000;
export const dateFromInstant = (instant: Instant): Date => new Date(Math.floor(instant / 1000));

/** Wire form: UTC with `Z`; six fraction digits when the microseconds are not zero, else none. */
export function formatInstant(instant: Instant): string {
  const wholeSeconds = Math.floor(instant / SECOND);
  const micros = instant - wholeSeconds * SECOND;
  const text = new Date(wholeSeconds * 1000).toISOString();
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
  return `${text.slice(0, text.length - 5)}${fraction}Z`;
}

const PLAIN_ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?( *)([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * ISO 8601 date or date and time to an instant; no offset means UTC, a date alone means midnight.
 * Digits beyond microseconds are cut. Returns null for anything else, calendar nonsense included.
 */
export const parseIsoInstant = (text: string): Instant | null => instantOf(PLAIN_ISO.exec(text));

/** As `parseIsoInstant`, but nothing may stand between the time and its offset. */
export function parseStrictIsoInstant(text: string): Instant | null {
  const match = PLAIN_ISO.exec(text);
  return match?.[8] ? null : instantOf(match);
}

function instantOf(match: RegExpExecArray | null): Instant | null {
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , zone = 'Z'] = match;
  const midnight = utcMidnight(Number(year), Number(month), Number(day));
  if (midnight === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const offset = zone.length === 1 ? 0 : offsetMinutes(zone);
  if (offset === null) return null;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset * 60;
  const micros = fraction === '' ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0'));
  const instant = midnight * 1000 + seconds * SECOND + micros;
  return Math.abs(instant) <= MAX_INSTANT ? instant : null;
}

/** Milliseconds since 1970 of a calendar date's midnight in UTC; null when there is no such date. Years 1 to 9999. */
export function utcMidnight(year: number, month: number, day: number): number | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; 400 years later the calendar is the same.
  const millis =
    year < 100 ? Date.UTC(year + 400, month - 1, day) - 146_097 * 86_400_000 : Date.UTC(year, month - 1, day);
  return day <= 28 || new Date(millis).getUTCDate() === day ? millis : null;
}

function offsetMinutes(zone: string): number | null {
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
