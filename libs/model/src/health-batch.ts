import type { Instant } from './instant.js';
import type { DeviceType } from './device.js';
import type { ProviderCode } from './provider.js';
import type { SeriesCode } from './series-type.js';
import type { SleepStage } from './sleep-stage.js';
import type { ZoneOffsetMinutes } from './zone-offset.js';

/**
 * The one shape every way in ends in: what one user's provider delivered, mapped to the vocabulary, units converted.
 * Mappers produce it, libs/ingest stores it. Every record names its writer by its index in `sources`.
 */
export interface HealthBatch {
  readonly provider: ProviderCode;
  readonly sources: readonly SourceIdentity[];
  readonly points: readonly PointInput[];
  readonly workouts: readonly WorkoutInput[];
  readonly sleepSegments: readonly SleepSegmentInput[];
  readonly sleepSessions: readonly SleepSessionInput[];
  readonly cycles: readonly MenstrualCycleInput[];
  readonly scores: readonly ScoreInput[];
  readonly activities: readonly ActivityEventInput[];
}

/**
 * Who wrote a record inside an integration. Identity: (user, provider, deviceModel, source); empty text counts as null.
 */
export interface SourceIdentity {
  /** Writer: app, bundle or device name from phones, the provider key from cloud APIs. At most 100 characters. */
  readonly source: string | null;
  /** Raw product code or name. At most 100 characters. */
  readonly deviceModel: string | null;
  /** Declared by the payload; null = infer from model, then from the source name. */
  readonly deviceType: DeviceType | null;
  readonly softwareVersion: string | null;
  readonly originalSourceName: string | null;
}

/** Where a record stood in what the sender sent, so that problems can be reported in the sender's own terms. */
export interface Origin {
  /** Collection in the payload: `records`, `sleep`, `workouts`, or a vendor resource. */
  readonly collection: string;
  readonly index: number;
}

interface RecordInput {
  readonly sourceIndex: number;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly origin: Origin;
}

export interface PointInput extends RecordInput {
  readonly series: SeriesCode;
  readonly recordedAt: Instant;
  /** End of the sample; null for an instantaneous one. */
  readonly endedAt: Instant | null;
  /** In the unit of the series. */
  readonly value: number;
  /** True: one value for the whole local day, kept apart from intraday parts. */
  readonly isDailyTotal: boolean;
  readonly externalId: string | null;
}

interface EventInput extends RecordInput {
  readonly externalId: string | null;
  readonly sourceName: string | null;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

export interface WorkoutInput extends EventInput {
  /** Canonical workout code (workout-types.json) or null. */
  readonly type: string | null;
  readonly durationSeconds: number;
  readonly detail: WorkoutDetailInput;
  /** Numbers of the detail that are no more than a guess here: they stand only where nothing is stored yet. */
  readonly estimates?: readonly (keyof WorkoutDetailInput)[];
}

/** Units: bpm, kcal, m, m/s, W, rpm or spm, s. Null = not known. */
export interface WorkoutDetailInput {
  readonly heartRateMin: number | null;
  readonly heartRateMax: number | null;
  readonly heartRateAvg: number | null;
  readonly energyBurned: number | null;
  readonly distance: number | null;
  readonly stepsCount: number | null;
  readonly maxSpeed: number | null;
  readonly averageSpeed: number | null;
  readonly maxWatts: number | null;
  readonly averageWatts: number | null;
  readonly averageCadence: number | null;
  readonly movingTimeSeconds: number | null;
  readonly totalElevationGain: number | null;
  readonly elevHigh: number | null;
  readonly elevLow: number | null;
  readonly segments: readonly JsonObject[] | null;
  readonly hrZones: JsonObject | null;
  readonly powerZones: JsonObject | null;
  /** Track points in order: coordinates at full precision. */
  readonly route: readonly RoutePointInput[] | null;
  /** In-workout samples as delivered, mapped to series codes where known. */
  readonly samples: readonly JsonObject[] | null;
}

export interface RoutePointInput {
  readonly at: Instant | null;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeMeters: number | null;
  readonly horizontalAccuracyMeters: number | null;
}

/** One stretch of one stage, as phones and Apple exports deliver sleep; sessions are derived from stored segments. */
export interface SleepSegmentInput extends RecordInput {
  readonly stage: SleepStage;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly externalId: string | null;
  readonly sourceName: string | null;
  /** Vendor sleep score sent with the segment, 0..100. */
  readonly score: number | null;
}

/** One whole session, as cloud vendors deliver sleep. */
export interface SleepSessionInput extends EventInput {
  readonly isNap: boolean;
  readonly durationSeconds: number | null;
  readonly totalMinutes: number | null;
  readonly timeInBedMinutes: number | null;
  readonly efficiencyPercent: number | null;
  readonly deepMinutes: number | null;
  readonly remMinutes: number | null;
  readonly lightMinutes: number | null;
  readonly awakeMinutes: number | null;
  readonly stages: readonly SleepStageInterval[] | null;
}

export interface SleepStageInterval {
  readonly stage: SleepStage;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

export interface MenstrualCycleInput extends EventInput {
  /** Lower-cased phase name. */
  readonly type: string | null;
  readonly detail: JsonObject;
}

/** Events without details that only some vendors have (Garmin Move IQ). */
export interface ActivityEventInput extends EventInput {
  readonly type: string;
  readonly durationSeconds: number;
}

export interface ScoreInput {
  readonly sourceIndex: number | null;
  readonly category: string;
  readonly value: number | null;
  readonly qualifier: string | null;
  readonly recordedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly components: Readonly<Record<string, { value: number | null; qualifier: string | null }>> | null;
  /** Start of the sleep session the score belongs to, when it is about one night of the same source. */
  readonly sleepStartedAt: Instant | null;
  readonly origin: Origin;
  /** The record whose start is `recordedAt`, by the sender's id: when it moves, its score moves along. */
  readonly about?: { readonly category: 'workout' | 'sleep'; readonly externalId: string } | null;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** A record that was not stored, and why. `path` names the field inside the record, if one is to blame. */
export interface RowProblem {
  readonly collection: string;
  readonly index: number;
  readonly path: string | null;
  readonly message: string;
  readonly severity: 'dropped' | 'warning';
}

export interface WriteCounts {
  inserted: number;
  updated: number;
  unchanged: number;
}

/** What storing a batch did. `points` counts time-series points, the others events or fragments of their kind. */
export interface WriteReport {
  readonly points: WriteCounts;
  readonly workouts: WriteCounts;
  readonly sleep: WriteCounts;
  readonly cycles: WriteCounts;
  readonly scores: WriteCounts;
  readonly problems: readonly RowProblem[];
}
