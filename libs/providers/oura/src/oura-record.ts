import type { JsonObject } from '#libs/model';
import {
  atPath,
  BadRecord,
  isJsonObject,
  numberAt,
  parseVendorTime,
  requiredText,
  requiredTime,
  timeAt,
  valueComponents,
  type MappingContext,
  type ScoreComponents,
  type VendorTime,
} from '#libs/providers/kit';

export const OURA_SOURCE = { source: 'oura' } as const;
export const OURA_NAME = 'Oura';

const DAY_TEXT = /^\d{4}-\d{2}-\d{2}$/;

/** Midnight UTC of `day`: a date key, not an instant somebody lived through. */
export function dayAt(record: JsonObject): VendorTime {
  const day = requiredText(record, 'day');
  const time = DAY_TEXT.test(day) ? parseVendorTime(day) : null;
  if (time === null) throw new BadRecord('must be a date', 'day');
  return time;
}

/**
 * Oura writes its day stamps and heart-rate stamps in UTC whatever the user's zone, so UTC says nothing about the zone;
 * any other offset is the user's.
 */
export const withoutUtc = ({ at, zoneOffset }: VendorTime): VendorTime => ({ at, zoneOffset: zoneOffset || null });

export const stampAt = (record: JsonObject): VendorTime => withoutUtc(requiredTime(record, 'timestamp'));

/** Whether there is a `timestamp` at all. */
export const hasStamp = (record: JsonObject): boolean => (record['timestamp'] ?? '') !== '';

/** `timestamp`, else midnight UTC of `day`; an unreadable stamp costs no more than itself. */
export function stampOrDay(record: JsonObject, context: MappingContext): VendorTime {
  const time = timeAt(record, 'timestamp', context);
  return time === null ? dayAt(record) : withoutUtc(time);
}

/** `contributors` as score components, whole numbers. */
export function contributorsOf(record: JsonObject, context: MappingContext): ScoreComponents {
  const contributors = atPath(record, 'contributors');
  if (!isJsonObject(contributors)) return {};
  const entries = Object.entries(contributors).flatMap(([name, value]) => {
    if (typeof value === 'number' && Number.isFinite(value)) return [[name, Math.trunc(value)] as const];
    if (value !== null) context.warn('has one that is no number', 'contributors');
    return [];
  });
  return valueComponents(Object.fromEntries(entries));
}

/** The score of a daily summary; null when Oura has none. */
export const scoreOf = (record: JsonObject, context: MappingContext): number | null =>
  numberAt(record, 'score', context);
