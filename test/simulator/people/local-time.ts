export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Midnight UTC of a calendar date. */
export const dateMs = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** `YYYY-MM-DD` of an instant, seen `zoneMinutes` east of UTC. */
export const dateOf = (ms: number, zoneMinutes = 0): string =>
  new Date(ms + zoneMinutes * MINUTE_MS).toISOString().slice(0, 10);

export const addDays = (date: string, days: number): string => dateOf(dateMs(date) + days * DAY_MS);

/** Every calendar date from one to another, both included. */
export function datesBetween(first: string, last: string): string[] {
  const days = Math.floor((dateMs(last) - dateMs(first)) / DAY_MS);
  return Array.from({ length: Math.max(0, days + 1) }, (_, n) => addDays(first, n));
}

/** `+02:00` */
export function zoneText(zoneMinutes: number): string {
  const minutes = Math.abs(zoneMinutes);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `2026-03-09T06:41:00Z` */
export const utcText = (ms: number): string => new Date(ms).toISOString().replace('.000', '');

/** `2026-03-09T07:41:00`: the wall clock, without a zone. */
export const wallText = (ms: number, zoneMinutes: number): string =>
  new Date(ms + zoneMinutes * MINUTE_MS).toISOString().slice(0, 19);

/** `2026-03-09T07:41:00+01:00` */
export const zonedText = (ms: number, zoneMinutes: number): string => wallText(ms, zoneMinutes) + zoneText(zoneMinutes);

/** `PT52M7S` */
export function durationText(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest || (!hours && !minutes) ? `${rest}S` : ''}`;
}

/** Where clocks are put forward for the summer, and between which Sundays. */
export type SummerTime = 'europe' | 'america' | 'none';

/** Whether a calendar date lies in the summer time of a place. */
export function isSummer(date: string, where: SummerTime): boolean {
  if (where === 'none') return false;
  const year = date.slice(0, 4);
  const [first, end] =
    where === 'europe'
      ? [sundayFrom(`${year}-03-25`), sundayFrom(`${year}-10-25`)]
      : [sundayFrom(`${year}-03-08`), sundayFrom(`${year}-11-01`)];
  return first <= date && date < end;
}

/** The first Sunday on or after a date. */
const sundayFrom = (date: string): string => addDays(date, (7 - new Date(dateMs(date)).getUTCDay()) % 7);
