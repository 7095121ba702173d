import { MAX_INSTANT, MIN_INSTANT, SECOND, utcMidnight, type Instant } from './instant.js';

/** A time given in a query. */
export interface QueryInstant {
  /** Bound to compare with; times outside the storable range become its nearest end. */
  readonly instant: Instant;
  /** True when the time of day, in the offset it was given with, is exactly 00:00:00. */
  readonly isMidnight: boolean;
  /** What the answer's metadata shows: the time in its own offset, `Z` for UTC and for none. */
  readonly echo: string;
}

const NUMBER = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const DATE = /^(?:(\d{4})-(\d{2})-(\d{2})|(\d{4})(\d{2})(\d{2}))/;
const WEEK_DATE = /^(\d{4})(?:-W(\d{2})(?:-(\d))?|W(\d{2})(\d)?)/;
const TIME = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?([Zz]|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?$/;

const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const DAY_MILLIS = 86_400_000;

/**
 * Reads a time of a query: Unix seconds (fraction, sign, blanks, `_`), or ISO 8601 (calendar and week dates, any one
 * separator before the time). Eight digits that form a date are that date. Null when it is neither, not finite, or
 * outside the years 1 to 9999.
 */
export function parseQueryInstant(text: string): QueryInstant | null {
  const trimmed = text.trim();
  const isDigitsDate = trimmed.length === 8 && datePrefix(trimmed)?.length === 8;
  if (!isDigitsDate && NUMBER.test(trimmed)) return fromSeconds(Number(trimmed.replaceAll('_', '')));
  return fromIso(trimmed);
}

function fromSeconds(value: number): QueryInstant | null {
  const whole = Math.floor(value);
  const micros = roundHalfEven((value - whole) * SECOND);
  const seconds = micros === SECOND ? whole + 1 : whole;
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return null;
  return queryInstant(seconds, micros % SECOND, 0, 'Z');
}

function fromIso(text: string): QueryInstant | null {
  const date = datePrefix(text);
  if (!date) return null;
  const rest = text.slice(date.length);
  if (rest === '') return queryInstant(date.midnight / 1000, 0, 0, 'Z');
  const match = TIME.exec(rest.slice(1));
  if (!match) return null;
  const [, hour, minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const offset = offsetSeconds(zone);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || offset === null) return null;
  const local = date.midnight / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return queryInstant(local, Number(fraction.slice(0, 6).padEnd(6, '0')), offset, offsetText(offset));
}

/** `local`: seconds of the wall clock as if it were UTC. */
function queryInstant(local: number, micros: number, offset: number, zone: string): QueryInstant {
  const exact = (local - offset) * SECOND + micros;
  const wall = new Date(local * 1000).toISOString().slice(0, 19);
  return {
    instant: Math.min(Math.max(exact, MIN_INSTANT), MAX_INSTANT),
    isMidnight: micros === 0 && local % 86_400 === 0,
    echo: `${wall}${micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`}${zone}`,
  };
}

function datePrefix(text: string): { midnight: number; length: number } | null {
  const week = WEEK_DATE.exec(text);
  const match = week ?? DATE.exec(text);
  if (!match) return null;
  const [whole, year, month, day, otherYear, otherMonth, otherDay] = match;
  const midnight = week
    ? weekDate(Number(year), Number(week[2] ?? week[4]), Number(week[3] ?? week[5] ?? '1'))
    : utcMidnight(Number(year ?? otherYear), Number(month ?? otherMonth), Number(day ?? otherDay));
  return midnight === null ? null : { midnight, length: whole.length };
}

/** ISO week date: week 1 holds January 4, weeks start on Monday. */
function weekDate(year: number, week: number, weekday: number): number | null {
  const fourth = utcMidnight(year, 1, 4);
  const next = utcMidnight(year + 1, 1, 4);
  if (fourth === null || next === null || week < 1 || weekday < 1 || weekday > 7) return null;
  const midnight = monday(fourth) + ((week - 1) * 7 + weekday - 1) * DAY_MILLIS;
  const isInYear = monday(fourth) + (week - 1) * 7 * DAY_MILLIS < monday(next);
  return isInYear && midnight / 1000 >= FIRST_SECOND && midnight / 1000 <= LAST_SECOND ? midnight : null;
}

const monday = (midnight: number): number => midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * DAY_MILLIS;

function offsetSeconds(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replaceAll(':', '').padEnd(6, '0');
  const [hours, minutes, seconds] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  if (hours! > 23 || minutes! > 59 || seconds! > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours! * 3600 + minutes! * 60 + seconds!);
}

function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const absolute = Math.abs(offset);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const seconds = absolute % 60 === 0 ? '' : `:${two(absolute % 60)}`;
  return `${offset < 0 ? '-' : '+'}${two(absolute / 3600)}:${two((absolute / 60) % 60)}${seconds}`;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const part = value - floor;
  if (part !== 0.5) return part < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
