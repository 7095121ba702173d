import { DAY, MINUTE, type Instant } from './instant.js';

/** Minutes east of UTC, -1080..1080. */
export type ZoneOffsetMinutes = number;

const MAX_OFFSET_MINUTES = 18 * 60;

/**
 * `Z` or `±HH:MM` to minutes east of UTC. Undefined and null stay null; anything malformed or beyond ±18:00 gives
 * `undefined`, so that a caller can tell "not given" from "given and wrong".
 */
export function parseZoneOffset(text: string | null | undefined): ZoneOffsetMinutes | null | undefined {
  if (text === null || text === undefined) return null;
  if (text === 'Z') return 0;
  if (!/^[+-]\d{2}:\d{2}$/.test(text)) return undefined;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4));
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > MAX_OFFSET_MINUTES) return undefined;
  return text.startsWith('-') ? (total === 0 ? 0 : -total) : total;
}

/** Minutes east of UTC to `±HH:MM`; null stays null. */
export function formatZoneOffset(minutes: ZoneOffsetMinutes | null): string | null {
  if (minutes === null) return null;
  const absolute = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

/** A calendar date as `YYYY-MM-DD`. */
export type LocalDate = string;

/** The one function that decides the local date of an instant: date(instant + offset), UTC when the offset is unknown. */
export const localDate = (instant: Instant, zoneOffset: ZoneOffsetMinutes | null): LocalDate =>
  dateOfDay(Math.floor((instant + (zoneOffset ?? 0) * MINUTE) / DAY));

/** Dates are asked for by the thousand, nearly all of them within these years: written once each. */
const REMEMBERED_DAYS = 60_000;
const remembered: LocalDate[] = [];

/** The date that is so many whole days after 1970-01-01. */
export function dateOfDay(day: number): LocalDate {
  const known = remembered[day];
  if (known !== undefined) return known;
  const date = new Date(day * (DAY / 1000)).toISOString().slice(0, 10);
  if (day >= 0 && day < REMEMBERED_DAYS) remembered[day] = date;
  return date;
}

/** How many days after 1970-01-01 a date is; negative before. */
export const dayOfDate = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`) / (DAY / 1000);

/** Midnight at the start of the local date that holds the instant. */
export function localMidnight(instant: Instant, zoneOffset: ZoneOffsetMinutes | null): Instant {
  const shift = (zoneOffset ?? 0) * MINUTE;
  return Math.floor((instant + shift) / DAY) * DAY - shift;
}
