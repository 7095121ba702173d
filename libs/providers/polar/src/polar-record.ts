import { DAY, HOUR, MINUTE, SECOND, type Instant, type JsonValue, type SourceIdentity } from '#libs/model';
import {
  BadRecord,
  isJsonObject,
  numberAt,
  parseVendorTime,
  required,
  textAt,
  type MappingContext,
  type VendorTime,
} from '#libs/providers/kit';

export const POLAR_NAME = 'Polar';
export const POLAR_SOURCE: Partial<SourceIdentity> = { source: 'polar' };
/** Exercises name the device. */
export const polarDevice = (record: JsonValue): Partial<SourceIdentity> => ({
  ...POLAR_SOURCE,
  deviceModel: textAt(record, 'device'),
});

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Midnight UTC of a date: a key, not an instant. Null when it is missing. */
export function dateAt(record: JsonValue, path: string): VendorTime | null {
  const text = textAt(record, path);
  if (text === null) return null;
  const time = DATE.test(text) ? parseVendorTime(text) : null;
  if (time === null) throw new BadRecord('must be a date', path);
  return time;
}

/** As `dateAt`; a record without it is bad. */
export const requiredDate = (record: JsonValue, path: string): VendorTime => required(dateAt, record, path);

/** A zone offset in minutes; null when it is missing or impossible. */
export function offsetMinutesAt(record: JsonValue, path: string, context: MappingContext): number | null {
  const minutes = numberAt(record, path, context);
  return minutes !== null && Number.isInteger(minutes) && Math.abs(minutes) <= 18 * 60 ? minutes : null;
}

const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/;

/** Time since midnight of `HH:MM` or `HH:MM:SS`; null for anything else. */
export function clockTime(text: string): Instant | null {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  return hours > 23 || minutes > 59 || seconds > 59 ? null : hours * HOUR + minutes * MINUTE + seconds * SECOND;
}

/**
 * A map of clock times (`{"23:10": 61, "00:05": 53}`) as instants, in its order. The first lies next to the anchor, in
 * whose offset all are told; each that is earlier than the one before is of the next day. Other values are left out.
 */
export function clockSeries(found: JsonValue | undefined, anchor: VendorTime): readonly (readonly [Instant, number])[] {
  if (!isJsonObject(found)) return [];
  const wall = anchor.at + (anchor.zoneOffset ?? 0) * MINUTE;
  let midnight = Math.floor(wall / DAY) * DAY;
  let last: Instant | null = null;
  return Object.entries(found).flatMap(([text, value]) => {
    const clock = clockTime(text);
    if (clock === null || typeof value !== 'number' || !Number.isFinite(value)) return [];
    if (last === null) midnight += daysTo(wall - midnight, clock) * DAY;
    else if (clock < last) midnight += DAY;
    last = clock;
    return [[anchor.at - wall + midnight + clock, value] as const];
  });
}

/** Which day the clock time nearest to the anchor's own is of. */
function daysTo(anchorClock: Instant, clock: Instant): number {
  if (clock < anchorClock - DAY / 2) return 1;
  return clock > anchorClock + DAY / 2 ? -1 : 0;
}
