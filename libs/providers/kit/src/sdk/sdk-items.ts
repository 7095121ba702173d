import type { Instant } from '#libs/model';
import { FieldReader, readNumber, type Flaw } from './field-reader.js';
import { MESSAGE } from './sdk-messages.js';

type Fields = Readonly<Record<string, unknown>>;

interface SdkItem {
  readonly id: string | null;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly zoneOffset: string | null;
  readonly source: unknown;
}

export interface SdkRecord extends SdkItem {
  readonly type: string | null;
  readonly value: number;
  readonly unit: string | null;
}

export interface SdkSleepSegment extends SdkItem {
  readonly stage: string;
  readonly values: readonly Fields[] | null;
}

export interface SdkStatistic {
  readonly type: string;
  readonly unit: string;
  readonly value: number | boolean;
}

export interface SdkWorkout extends SdkItem {
  readonly type: string | null;
  readonly values: readonly SdkStatistic[] | null;
  readonly segments: readonly Fields[] | null;
  readonly laps: readonly Fields[] | null;
  readonly route: readonly Fields[] | null;
  readonly samples: readonly Fields[] | null;
}

/** An item that fits, or the first reason why it does not. */
export type Checked<T> = { readonly item: T; readonly flaw: null } | { readonly item: null; readonly flaw: Flaw };

const checked = <T>(fields: FieldReader, item: T): Checked<T> =>
  fields.flaw ? { item: null, flaw: fields.flaw } : { item, flaw: null };

export function checkRecord(raw: unknown): Checked<SdkRecord> {
  const fields = FieldReader.of(raw);
  const id = readIds(fields);
  const item = {
    id,
    type: fields.optionalText('type'),
    ...readTimes(fields),
    value: fields.number('value'),
    unit: readUnit(fields),
  };
  fields.metadata();
  return checked(fields, item);
}

export function checkSleepSegment(raw: unknown): Checked<SdkSleepSegment> {
  const fields = FieldReader.of(raw);
  const id = readIds(fields);
  const item = { id, stage: fields.text('stage'), ...readTimes(fields), values: fields.objects('values') };
  fields.metadata();
  return checked(fields, item);
}

export function checkWorkout(raw: unknown): Checked<SdkWorkout> {
  const fields = FieldReader.of(raw);
  const id = readIds(fields);
  const type = fields.optionalText('type');
  const times = readTimes(fields);
  fields.optionalText('title');
  fields.optionalText('notes');
  const item = {
    id,
    type,
    ...times,
    values: readStatistics(fields),
    segments: fields.objects('segments'),
    laps: fields.objects('laps'),
    route: fields.objects('route'),
    samples: fields.objects('samples'),
  };
  fields.metadata();
  return checked(fields, item);
}

function readIds(fields: FieldReader): string | null {
  const id = fields.optionalText('id');
  fields.optionalText('parentId');
  return id;
}

function readTimes(fields: FieldReader): Omit<SdkItem, 'id'> {
  return {
    startedAt: fields.instant('startDate'),
    endedAt: fields.instant('endDate'),
    zoneOffset: fields.optionalText('zoneOffset'),
    source: fields.raw('source'),
  };
}

/** The unit may be null, but the sender must say so. */
function readUnit(fields: FieldReader): string | null {
  if (fields.raw('unit') === undefined) fields.blame('unit', MESSAGE.required);
  return fields.optionalText('unit');
}

function readStatistics(fields: FieldReader): readonly SdkStatistic[] | null {
  const values = fields.objects('values');
  if (values === null || fields.flaw) return null;
  return values.map((value, index) => {
    const statistic = FieldReader.of(value);
    const type = statistic.text('type');
    const unit = statistic.text('unit');
    const raw = value['value'];
    const number = typeof raw === 'boolean' ? raw : readNumber(raw);
    if (number === null) statistic.blame('value', raw === undefined ? MESSAGE.required : MESSAGE.statistic);
    if (statistic.flaw) fields.blame(`values.${index}.${statistic.flaw.path}`, statistic.flaw.message);
    return { type, unit, value: number ?? 0 };
  });
}
