import type { Instant, PointInput, ZoneOffsetMinutes } from '#libs/model';
import { HealthBatchBuilder } from '#libs/providers/kit';
import { parseDevice } from './device-text.js';
import type { Attributes } from './export-elements.js';
import { parseExportTime, type ExportTime } from './export-instant.js';
import { utf8Text } from './utf8-text.js';
import { zoneOffsetAt } from './zone-offset-at.js';

/** Kinds of things an export is counted in. */
export const EXPORT_KINDS = ['records', 'workouts', 'sleep'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/**
 * Whether the user's phone has delivered under this name of a writer on this device. Phones name the device, some the
 * app: what a file brings belongs where the phone put the same.
 */
export type IsKnownSource = (source: string, deviceModel: string | null) => boolean;

/** A writer within the batch being built. */
export interface SourceUse {
  readonly index: number;
  readonly name: string | null;
}

/** Start and end of an element, and the offset it was recorded in. */
export interface ExportWindow {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes;
}

/** What storing takes, in memory and time, beside a record that becomes a point. A route has thousands of points. */
const EXTRA_SIZE = { sleep: 4, workouts: 9, routes: 500 } as const;
const MOST_SOURCES = 2_000;
const MOST_REASONS = 200;
const MOST_REASON_LENGTH = 150;
const OTHER_REASONS = '(others)';

/** What the mappers of one batch share: the batch being built and what was left out. */
export class ExportContext {
  readonly builder = new HealthBatchBuilder('apple');
  readonly skipped: Readonly<Record<ExportKind, Map<string, number>>> = {
    records: new Map(),
    workouts: new Map(),
    sleep: new Map(),
  };
  /** Elements of kinds and types that nothing stores. */
  readonly ignored = new Map<string, number>();
  /** Of what was found, over the size of its elements. */
  extraSize = 0;
  private readonly sources = new Map<string, SourceUse>();
  private last: { sourceName: string | undefined; device: string | undefined; use: SourceUse } | null = null;

  constructor(private readonly isKnown: IsKnownSource) {}

  skip(kind: ExportKind, reason: string): void {
    count(this.skipped[kind], reason);
  }

  ignore(what: string, times = 1): void {
    count(this.ignored, what, times);
  }

  /** Something was found that takes more than a point does. */
  weigh(what: keyof typeof EXTRA_SIZE, times = 1): void {
    this.extraSize += times * EXTRA_SIZE[what];
  }

  /** `name`: what it is called in the reason when its value cannot be stored. */
  point(name: string, point: PointInput): void {
    if (!this.builder.point(point)) this.skip('records', `value_out_of_range:${name}`);
  }

  /** Version and device are facts of the source, not of its identity. */
  source({ sourceName, device }: Attributes): SourceUse {
    // Neighbours mostly share their source, and comparing is cheaper than looking up a text this long.
    const { last } = this;
    if (last !== null && last.sourceName === sourceName && last.device === device) return last.use;
    const use = this.sourceOf(sourceName, device);
    this.last = { sourceName, device, use };
    return use;
  }

  private sourceOf(rawName: string | undefined, rawDevice: string | undefined): SourceUse {
    const key = `${rawName}\n${rawDevice}`;
    const known = this.sources.get(key);
    if (known) return known;
    const sourceName = rawName && utf8Text(rawName);
    const { name, model, hardware, software } = parseDevice(rawDevice && utf8Text(rawDevice));
    const deviceModel = hardware ?? model;
    const writer = [name, sourceName].find((text) => text && this.isKnown(text, deviceModel)) ?? name ?? sourceName;
    const identity = {
      source: writer ?? null,
      deviceModel,
      softwareVersion: software,
      originalSourceName: sourceName ?? null,
    };
    const use = { index: this.builder.source(identity), name: writer ?? null };
    if (this.sources.size >= MOST_SOURCES) this.sources.clear();
    this.sources.set(key, use);
    return use;
  }

  /** Null, and the element skipped, when its times make no sense. `name`: what it is called in the reason. */
  window(kind: ExportKind, name: string, attributes: Attributes, timeZone?: string): ExportWindow | null {
    const { startDate, endDate, creationDate } = attributes;
    const start = startDate ? parseExportTime(startDate) : undefined;
    const end = !endDate || endDate === startDate ? start : parseExportTime(endDate);
    const created =
      !creationDate || creationDate === endDate || creationDate === startDate ? start : parseExportTime(creationDate);
    if (start === null || end === null || created === null) this.skip(kind, `invalid_date:${name}`);
    else if (start === undefined) this.skip(kind, `missing_startDate:${name}`);
    else
      return {
        startedAt: start.instant,
        endedAt: end?.instant ?? start.instant,
        zoneOffset: offsetOf(start, timeZone),
      };
    return null;
  }
}

/** The zone of the recording where it is known, else that of the phone that exported. */
const offsetOf = (start: ExportTime, timeZone: string | undefined): ZoneOffsetMinutes =>
  (timeZone ? zoneOffsetAt(timeZone, start.instant) : null) ?? start.zoneOffset;

function count(totals: Map<string, number>, name: string, times = 1): void {
  const known = totals.get(name);
  if (known !== undefined) {
    totals.set(name, known + times);
    return;
  }
  const key = totals.size < MOST_REASONS ? utf8Text(name).slice(0, MOST_REASON_LENGTH) : OTHER_REASONS;
  totals.set(key, (totals.get(key) ?? 0) + times);
}
