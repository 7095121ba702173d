import { DAY, MINUTE, type Instant, type LocalDate, type Origin, type SeriesType } from '#libs/model';

/** Days since 1970-01-01: dates as small numbers, for the arithmetic of the hot path. */
export type DayNumber = number;

export const utcDay = (instant: Instant): DayNumber => Math.floor(instant / DAY);
export const localDay = (instant: Instant, zoneOffset: number | null): DayNumber =>
  Math.floor((instant + (zoneOffset ?? 0) * MINUTE) / DAY);
export const dateOfDay = (day: DayNumber): LocalDate => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** A point as it will be stored. */
export interface PointRow {
  readonly recordedAt: Instant;
  readonly endedAt: Instant | null;
  readonly value: number;
  readonly originHash: number | null;
  readonly zoneOffset: number | null;
  readonly localDay: DayNumber;
  readonly origin: Origin;
}

/** The row with an offset known from elsewhere where it has none itself. */
export const inZone = (row: PointRow, known: number | null): PointRow =>
  row.zoneOffset !== null || known === null
    ? row
    : { ...row, zoneOffset: known, localDay: localDay(row.recordedAt, known) };

/** What identifies a stream before its number is known. */
export interface StreamIdentity {
  readonly sourceId: string;
  readonly series: SeriesType;
  readonly isDailyTotal: boolean;
}

/** A stream as stored, before the batch. */
export interface OpenStream extends StreamIdentity {
  readonly id: number;
  readonly firstAt: Instant | null;
  readonly lastAt: Instant | null;
  readonly zoneMin: number;
  readonly zoneMax: number;
  /** Dates of the batch whose points were dropped; their rollups are all that is left. */
  readonly archivedDays: ReadonlySet<DayNumber>;
}

/** The rows of a batch that belong to one stream, never empty. */
export interface RowsOf<Stream extends StreamIdentity> {
  readonly stream: Stream;
  readonly rows: readonly PointRow[];
}
