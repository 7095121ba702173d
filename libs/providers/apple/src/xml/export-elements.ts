/** Attributes of an element, references decoded, one character per byte: `utf8Text` gives their text. */
export type Attributes = Readonly<Record<string, string | undefined>>;

export interface ExportRecord {
  readonly attributes: Attributes;
  /** IANA name of the zone it was recorded in (metadata `HKTimeZone`). */
  timeZone: string | undefined;
  /** Beats of a heart rate variability reading. */
  readonly beats: Attributes[];
}

export interface ExportWorkout {
  readonly attributes: Attributes;
  readonly metadata: Map<string, string>;
  /** Of the whole workout, not of its parts. */
  readonly statistics: Attributes[];
  readonly events: Attributes[];
  /** Paths of route files in the archive. */
  readonly routePaths: string[];
}

/** What a reader of an export reports, in document order, each when its end is reached. */
export interface ExportHandler {
  record(record: ExportRecord): void;
  workout(workout: ExportWorkout): void;
  /** Any other child of the root: `Me`, `ActivitySummary`, `Correlation` (after its records), ... */
  other(name: string, attributes: Attributes): void;
}

/** Whether a metadata entry names the zone of the recording. */
export const isTimeZone = (key: string | undefined): boolean => key === 'HKTimeZone';
