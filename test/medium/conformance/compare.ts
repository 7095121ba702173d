import { parseIsoInstant, roundDecimal, type JsonObject, type JsonValue } from '#libs/model';
import { isJsonObject } from '#libs/providers/kit';
import type { Expected } from './sample-case.js';
import type { StoredAccount } from './stored-account.js';

/** Columns with other than three decimals. */
const DECIMALS: Readonly<Record<string, number>> = {
  heart_rate_avg: 2,
  average_speed: 2,
  max_speed: 2,
  average_cadence: 2,
  sleep_efficiency_score: 2,
};

/** What is not compared: ids of points are not kept. */
const SERIES_INFORMATION = new Set(['external_id']);
const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** One value in the form in which two are compared: instants as numbers, numbers as the column rounds them. */
function comparable(value: JsonValue, name: string): JsonValue {
  if (typeof value === 'number') return roundDecimal(value, DECIMALS[name] ?? 3);
  if (typeof value === 'string') return INSTANT.test(value) && name !== 'qualifier' ? parseIsoInstant(value) : value;
  if (Array.isArray(value)) return value.map((item) => comparable(item as JsonValue, name));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, comparable(item, key)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A list whose order does not matter. */
const unordered = (rows: readonly JsonObject[]): JsonValue[] =>
  rows.map((row) => comparable(row, '')).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** What a night that is no nap, and one of which that is unknown, have in common. */
const sleepDetail = (detail: JsonValue): JsonValue => {
  if (!isJsonObject(detail)) return detail;
  const { is_nap: isNap, ...rest } = detail;
  return isNap === true ? detail : rest;
};

const seriesOf = (row: JsonObject): JsonObject => ({
  ...Object.fromEntries(Object.entries(row).filter(([name]) => !SERIES_INFORMATION.has(name))),
  is_daily_total: row['is_daily_total'] === true,
});
const eventOf = (row: JsonObject): JsonObject => ({ ...row, detail: sleepDetail(row['detail'] ?? null) });
const scoreOf = (row: JsonObject): JsonObject => ({ ...row, linked_sleep: row['linked_sleep'] === true });

interface Comparable {
  readonly series: JsonValue;
  readonly events: JsonValue;
  readonly scores: JsonValue;
  readonly sources: JsonValue;
}

/** Data in the form in which `expected` and what is stored are compared. */
export const comparableAccount = ({
  series,
  events,
  scores,
  data_sources,
}: Pick<Expected & StoredAccount, 'series' | 'events' | 'scores'> & {
  data_sources?: readonly JsonObject[] | null | undefined;
}): Comparable => ({
  series: unordered(series.map(seriesOf)),
  events: unordered(events.map(eventOf)),
  scores: unordered(scores.map(scoreOf)),
  sources: unordered(
    (data_sources ?? []).map(({ source, device_model }) => ({
      source: source ?? null,
      device_model: device_model ?? null,
    })),
  ),
});

/** What the samples say of a source beyond its identity, where they say it. */
export const sourceFacts = (sources: readonly JsonObject[]): readonly JsonObject[] =>
  sources.map(
    (source) => Object.fromEntries(Object.entries(source).filter(([, value]) => value !== null)) as JsonObject,
  );

/** Whether `actual` has all that `wanted` names; `<...>` in a text stands for any text. */
export function matches(wanted: JsonValue, actual: JsonValue | undefined): boolean {
  if (typeof wanted === 'string' && /<[^>]+>/.test(wanted)) {
    return typeof actual === 'string' && patternOf(wanted).test(actual);
  }
  if (isJsonObject(wanted)) {
    return isJsonObject(actual) && Object.entries(wanted).every(([name, value]) => matches(value, actual[name]));
  }
  if (Array.isArray(wanted)) {
    const items = wanted as readonly JsonValue[];
    return (
      Array.isArray(actual) &&
      items.length === actual.length &&
      items.every((item, i) => matches(item, actual[i] as JsonValue))
    );
  }
  return wanted === actual;
}

const patternOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/<[^>]+>/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*')}$`,
  );
