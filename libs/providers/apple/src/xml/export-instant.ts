import { MINUTE, parseIsoInstant, SECOND, type Instant, type ZoneOffsetMinutes } from '#libs/model';

/** A time of the export with the offset it is written in. */
export interface ExportTime {
  readonly instant: Instant;
  readonly zoneOffset: ZoneOffsetMinutes;
}

/** `2024-01-30 04:31:06 +0100` */
const LENGTH = 25;
const MOST_DAYS = 10_000;
const ZONED = /([+-])(\d{2}):?(\d{2})$/;
const MOST_ZONE_MINUTES = 18 * 60;

/** Midnights by date text: an export has millions of times and few days. */
const midnights = new Map<string, Instant | null>();

/** Null for anything that is no time with an offset. */
export function parseExportTime(text: string): ExportTime | null {
  return (text.length === LENGTH ? parseUsual(text) : null) ?? parseUnusual(text);
}

const digits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
};

/** The form in which every export writes times, without a regular expression: this runs three times a record. */
function parseUsual(text: string): ExportTime | null {
  const sign = text.charCodeAt(20);
  const hasMarks =
    text.charCodeAt(10) === 32 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(19) === 32 &&
    (sign === 43 || sign === 45);
  if (!hasMarks) return null;
  const hour = digits(text, 11);
  const minute = digits(text, 14);
  const second = digits(text, 17);
  const zone = digits(text, 21) * 60 + digits(text, 23);
  if (!(hour < 24 && minute < 60 && second < 60 && zone <= MOST_ZONE_MINUTES)) return null;
  const midnight = midnightOf(text.slice(0, 10));
  if (midnight === null) return null;
  const zoneOffset = sign === 45 && zone > 0 ? -zone : zone;
  const instant = midnight + (hour * 3600 + minute * 60 + second) * SECOND - zoneOffset * MINUTE;
  return { instant, zoneOffset };
}

function midnightOf(date: string): Instant | null {
  let midnight = midnights.get(date);
  if (midnight === undefined) {
    midnight = parseIsoInstant(date);
    if (midnights.size >= MOST_DAYS) midnights.clear();
    midnights.set(date, midnight);
  }
  return midnight;
}

function parseUnusual(text: string): ExportTime | null {
  const zone = ZONED.exec(text);
  const instant = zone === null ? null : parseIsoInstant(text);
  if (zone === null || instant === null) return null;
  const minutes = Number(zone[2]) * 60 + Number(zone[3]);
  if (minutes > MOST_ZONE_MINUTES) return null;
  return { instant, zoneOffset: zone[1] === '-' && minutes > 0 ? -minutes : minutes };
}
