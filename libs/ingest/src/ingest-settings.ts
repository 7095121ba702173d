/** Injection token of `IngestSettings`; where nothing is provided the defaults hold. */
export const INGEST_SETTINGS = Symbol('INGEST_SETTINGS');

export interface IngestSettings {
  /** Minutes without sleep after which the next sleep is a session of its own; 120 when not given. */
  readonly sleepEndGapMinutes?: number;
  /** False: nobody is to hear what is stored, so nothing is announced. */
  readonly announces?: boolean;
}
