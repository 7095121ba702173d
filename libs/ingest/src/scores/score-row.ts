import type { Instant, ScoreInput, ZoneOffsetMinutes } from '#libs/model';

export interface ScoreRow {
  readonly provider: string;
  readonly category: string;
  /** Kept with three decimals. */
  readonly value: number | null;
  readonly qualifier: string | null;
  readonly recordedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly components: ScoreInput['components'];
  readonly sourceId: string | null;
  readonly eventId: string | null;
  /** The event has one score of this provider and category, whatever its time; else the time tells scores apart. */
  readonly isOnePerEvent: boolean;
}

export interface StoredScore {
  readonly id: string;
  readonly provider: string;
  readonly category: string;
  readonly recordedAt: Instant;
  readonly eventId: string | null;
}
