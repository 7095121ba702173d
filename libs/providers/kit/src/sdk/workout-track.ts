import {
  formatInstant,
  parseSdkInstant,
  roundDecimal,
  SECOND,
  type JsonObject,
  type RoutePointInput,
} from '#libs/model';
import { cleanText } from '../clean-text.js';
import { readNumber } from './field-reader.js';

type Fields = Readonly<Record<string, unknown>>;

const START = ['startDate', 'startTime', 'start_date', 'start_time', 'start'];
const END = ['endDate', 'endTime', 'end_date', 'end_time', 'end'];
const TIME = ['timestamp', 'time', 'date', 'recordedAt', 'at', ...START];
const LATITUDE = ['latitude', 'lat'];
const LONGITUDE = ['longitude', 'lng', 'lon', 'long'];
const ALTITUDE = ['altitude', 'altitudeMeters', 'alt', 'elevation'];
const ACCURACY = ['horizontalAccuracy', 'horizontal_accuracy', 'accuracy'];
const SPLIT_TYPE = ['segmentType', 'segment_type', 'type'];

const LAP_NUMBERS: Readonly<Record<string, readonly string[]>> = {
  distance_meters: ['distance', 'distanceMeters', 'length', 'totalDistance'],
  avg_heart_rate: ['averageHeartRate', 'avgHeartRate', 'meanHeartRate'],
  max_heart_rate: ['maxHeartRate'],
  avg_speed: ['averageSpeed', 'avgSpeed', 'meanSpeed'],
  max_speed: ['maxSpeed'],
  avg_power: ['averagePower', 'avgPower'],
  max_power: ['maxPower'],
  avg_cadence: ['averageCadence', 'avgCadence', 'meanCadence'],
};

const MAX_TEXT = 100;

function firstOf<T>(fields: Fields, names: readonly string[], read: (value: unknown) => T | null): T | null {
  for (const name of names) {
    const value = read(fields[name]);
    if (value !== null) return value;
  }
  return null;
}

const numberIn = (fields: Fields, names: readonly string[]): number | null =>
  firstOf(fields, names, (value) => {
    const number = readNumber(value);
    return number !== null && Number.isFinite(number) ? number : null;
  });

const textOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? cleanText(String(value), MAX_TEXT) : null;

/**
 * Laps (`kind` lap) and segments (`kind` split) of a workout as stored: `kind`, `index`, `start_time`,
 * `elapsed_seconds`, then what is known of them, with two decimals. Those without both times are left out.
 */
export function stretchesOf(laps: readonly Fields[], segments: readonly Fields[]): readonly JsonObject[] {
  return [
    ...laps.flatMap((fields, index) => stretch('lap', index, fields)),
    ...segments.flatMap((fields, index) => stretch('split', index, fields)),
  ];
}

function stretch(kind: 'lap' | 'split', index: number, fields: Fields): JsonObject[] {
  const startedAt = firstOf(fields, START, parseSdkInstant);
  const endedAt = firstOf(fields, END, parseSdkInstant);
  if (startedAt === null || endedAt === null || endedAt < startedAt) return [];
  const numbers = Object.entries(LAP_NUMBERS).flatMap(([key, names]) => {
    const value = numberIn(fields, names);
    return value === null ? [] : [[key, roundDecimal(value, 2)] as const];
  });
  const splitType = kind === 'split' ? firstOf(fields, SPLIT_TYPE, textOf) : null;
  return [
    {
      kind,
      index,
      start_time: formatInstant(startedAt),
      elapsed_seconds: roundDecimal((endedAt - startedAt) / SECOND, 2),
      ...Object.fromEntries(numbers),
      ...(splitType === null ? {} : { split_type: splitType }),
    },
  ];
}

/** A point of a track, coordinates as given; null without a place on earth. */
export function routePointOf(fields: Fields): RoutePointInput | null {
  const latitude = numberIn(fields, LATITUDE);
  const longitude = numberIn(fields, LONGITUDE);
  if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return {
    at: firstOf(fields, TIME, parseSdkInstant),
    latitude,
    longitude,
    altitudeMeters: numberIn(fields, ALTITUDE),
    horizontalAccuracyMeters: numberIn(fields, ACCURACY),
  };
}
