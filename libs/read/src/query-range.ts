import type { QueryInstant } from '#libs/model';

/** The bounds of a list as the query gave them; the start counts, the end does not. */
export interface QueryRange {
  readonly start: QueryInstant;
  readonly end: QueryInstant;
}
