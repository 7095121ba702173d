import type { Instant, Origin, Removal, SeriesCode, ZoneOffsetMinutes } from '#libs/model';
import type { ProviderEnvironment } from './vendor-request.js';

export type { Removal };

/** What a mapper may know beside its record; nothing of it is fetched while mapping. */
export interface MappingContext {
  /** The clock, also the time of ingestion. */
  readonly now: Instant;
  /** Where the record stands in what the vendor sent; goes into every input. */
  readonly origin: Origin;
  readonly environment: ProviderEnvironment;
  /** Newest stored value of a series that the resource `compares`; null when there is none. */
  newest(series: SeriesCode): number | null;
  /** The user's zone offset on a local date the resource named (`localDates`), remembered for ever; null: unknown. */
  zoneOffsetOn(localDate: string): ZoneOffsetMinutes | null;
  /** Takes back what was stored before: the vendor says it is gone. */
  remove(removal: Removal): void;
  /**
   * A part of the record is left out, the rest is stored. `reason` is of ours, never the vendor's text; runs count by
   * it. `path`: the field to blame.
   */
  warn(reason: string, path?: string | null): void;
}

/** A record that cannot be stored. The message is a reason of ours, never the vendor's text. */
export class BadRecord extends Error {
  constructor(
    message: string,
    /** The field to blame. */
    readonly path: string | null = null,
  ) {
    super(message);
    this.name = 'BadRecord';
  }
}
