import type { Instant } from '#libs/model';
import type { TouchedStream } from '../write-context.js';
import { localDay, utcDay, type DayNumber, type OpenStream, type PointRow } from './point-row.js';

/** What a batch changed in one stream. */
export class StreamChange {
  inserted = 0;
  updated = 0;
  from: Instant = Infinity;
  to: Instant = -Infinity;
  zoneMin: number;
  zoneMax: number;
  readonly insertedByDay = new Map<DayNumber, number>();
  readonly localDays = new Set<DayNumber>();
  /** Local dates that points moved away from. */
  readonly leftDays = new Set<DayNumber>();
  readonly times: Instant[] = [];

  constructor(readonly stream: OpenStream) {
    this.zoneMin = stream.zoneMin;
    this.zoneMax = stream.zoneMax;
  }

  addInserted(row: PointRow): void {
    this.inserted++;
    const day = utcDay(row.recordedAt);
    this.insertedByDay.set(day, (this.insertedByDay.get(day) ?? 0) + 1);
    this.note(row);
  }

  addUpdated(row: PointRow, oldZone: number | null): void {
    this.updated++;
    const oldDay = localDay(row.recordedAt, oldZone);
    if (oldDay !== row.localDay) {
      this.leftDays.add(oldDay);
      this.localDays.add(oldDay);
    }
    this.note(row);
  }

  private note({ recordedAt, zoneOffset, localDay }: PointRow): void {
    const zone = zoneOffset ?? 0;
    if (recordedAt < this.from) this.from = recordedAt;
    if (recordedAt > this.to) this.to = recordedAt;
    if (zone < this.zoneMin) this.zoneMin = zone;
    if (zone > this.zoneMax) this.zoneMax = zone;
    this.localDays.add(localDay);
    this.times.push(recordedAt);
  }

  /** Whether stored points that did not change may lie between `from` and `to`. */
  get isInterleaved(): boolean {
    const { firstAt, lastAt } = this.stream;
    return firstAt !== null && lastAt !== null && this.from <= lastAt && this.to >= firstAt;
  }

  get touched(): TouchedStream {
    const { stream, from, to } = this;
    return { streamId: stream.id, seriesType: stream.series.id, sourceId: stream.sourceId, from, to };
  }
}
