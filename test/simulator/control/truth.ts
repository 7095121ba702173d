import type { Life, Span } from '../people/life.js';

/** What happened to a person in a span, in no vendor's words: what a platform that missed nothing can tell. */
export interface Truth {
  readonly workouts: readonly { readonly key: string; readonly start: string; readonly end: string }[];
  /** Nights and naps. */
  readonly nights: readonly {
    readonly key: string;
    readonly date: string;
    readonly start: string;
    readonly end: string;
    /** By day; Polar does not tell of those. */
    readonly isNap: boolean;
  }[];
}

export function truthOf(life: Life, span: Span): Truth {
  const text = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    workouts: life.workouts(span).map(({ key, startMs, endMs }) => ({ key, start: text(startMs), end: text(endMs) })),
    nights: life
      .sleeps(span)
      .map(({ key, date, startMs, endMs, isNap }) => ({ key, date, start: text(startMs), end: text(endMs), isNap })),
  };
}
