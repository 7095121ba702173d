import { parseIsoInstant, type Instant, type JsonObject, type JsonValue, type ZoneOffsetMinutes } from '#libs/model';
import { atPath, isJsonObject, textAt } from './json-path.js';
import { BadRecord, type MappingContext } from './mapping-context.js';

/** Why a value is left out that can be read. */
export const OUT_OF_RANGE = 'is out of range';
/** What an integer column holds. */
const MAX_AMOUNT = 2_147_483_647;

/** An instant as a vendor writes it, with the offset that its text states (`Z` is 0); null: the text states none. */
export interface VendorTime {
  readonly at: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
}

/** The record as an object. */
export function objectOf(record: JsonValue): JsonObject {
  if (isJsonObject(record)) return record;
  throw new BadRecord('must be an object');
}

/** Hears what of a record is left out. */
type Listener = Pick<MappingContext, 'warn'>;
type Read<T> = (record: JsonValue, path: string) => T | null;

const readNumber: Read<number> = (record, path) => {
  const found = atPath(record, path) ?? null;
  if (found === null || (typeof found === 'number' && Number.isFinite(found))) return found;
  throw new BadRecord('must be a number', path);
};

const readTime: Read<VendorTime> = (record, path) => {
  const found = atPath(record, path) ?? null;
  if (found === null || found === '') return null;
  const time = typeof found === 'string' ? parseVendorTime(found) : null;
  if (time === null) throw new BadRecord('must be an ISO 8601 date and time', path);
  return time;
};

/** What `read` finds; what it cannot read is left out with a warning, the rest of the record stays. */
export function optional<T>(read: Read<T>, record: JsonValue, path: string, context: Listener): T | null {
  try {
    return read(record, path);
  } catch (error) {
    if (!(error instanceof BadRecord)) throw error;
    context.warn(error.message, error.path);
    return null;
  }
}

/** What `read` finds; a record without it is bad. */
export function required<T>(read: Read<T>, record: JsonValue, path: string): T {
  const found = read(record, path);
  if (found === null) throw new BadRecord('is missing', path);
  return found;
}

/** Number at a path; null when it is missing or null. Anything else there is left out with a warning. */
export const numberAt = (record: JsonValue, path: string, context: Listener): number | null =>
  optional(readNumber, record, path, context);

/** As `numberAt`, cut to a whole number. */
export function wholeNumberAt(record: JsonValue, path: string, context: Listener): number | null {
  const found = numberAt(record, path, context);
  return found === null ? null : Math.trunc(found);
}

/** As `numberAt`, for what is never negative and never more than `most`: durations, counts. */
export function amountAt(record: JsonValue, path: string, context: Listener, most = MAX_AMOUNT): number | null {
  const found = numberAt(record, path, context);
  if (found === null || (found >= 0 && found <= most)) return found;
  context.warn(OUT_OF_RANGE, path);
  return null;
}

/** Time at a path; null when it is missing, null or empty. Nonsense there is left out with a warning. */
export const timeAt = (record: JsonValue, path: string, context: Listener): VendorTime | null =>
  optional(readTime, record, path, context);

/** As `timeAt`, for those whom nobody hears: nonsense is no time. */
export const timeIn = (json: JsonValue, path: string): VendorTime | null => parseVendorTime(textAt(json, path) ?? '');

export const requiredText = (record: JsonValue, path: string): string => required(textAt, record, path);
export const requiredTime = (record: JsonValue, path: string): VendorTime => required(readTime, record, path);
/** List at a path; a record with anything else there is bad. */
export function requiredList(record: JsonValue, path: string): readonly JsonValue[] {
  const found = required((from, at) => atPath(from, at) ?? null, record, path);
  if (Array.isArray(found)) return found as readonly JsonValue[];
  throw new BadRecord('must be a list', path);
}
export const requiredNumber = (record: JsonValue, path: string): number => required(readNumber, record, path);

const STATED_OFFSET = /\d:?\d\d(?::\d\d(?:[.,]\d+)?)? *(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)$/;
const MAX_OFFSET = 18 * 60;

/** ISO 8601; without an offset UTC is meant. Null for anything else, also for offsets beyond ±18:00. */
export function parseVendorTime(text: string): VendorTime | null {
  const at = parseIsoInstant(text);
  if (at === null) return null;
  const match = text.includes(':') ? STATED_OFFSET.exec(text) : null;
  if (!match) return { at, zoneOffset: null };
  const minutes = match[1] ? 0 : Number(match[3]) * 60 + Number(match[4] ?? 0);
  if (minutes > MAX_OFFSET) return null;
  return { at, zoneOffset: match[2] === '-' && minutes > 0 ? -minutes : minutes };
}

const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

/** Seconds of an ISO 8601 duration of days to seconds (`PT1H4M7.5S`); null for anything else. */
export function parseIsoDuration(text: string): number | null {
  const match = ISO_DURATION.exec(text);
  if (!match || /[PT]$/.test(text)) return null;
  const part = (index: number): number => Number((match[index] || '0').replace(',', '.'));
  return part(1) * 86_400 + part(2) * 3600 + part(3) * 60 + part(4);
}
