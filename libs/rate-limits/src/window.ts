/** Requests that were counted in one window of time. */
export interface Window {
  readonly hits: number;
  /** When counting starts anew, as milliseconds since 1970 by our own clock. */
  readonly endsAtMs: number;
}

/** More requests under one key. */
export interface Hits {
  readonly key: string;
  readonly count: number;
}
