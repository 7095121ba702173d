import type { Life, Span } from '../people/life.js';

/** What happened to a person in a span, in no vendor's words: what a platform that missed nothing can tell. */
export interface Truth {
  readonly workouts: readonly { readonly key: string; readonly start: string; readonly end: string }[];
  readonly nights: readonly {
    readonly key: string;
    readonly date: string;
    readonly start: string;
    readonly end: string;
  }[];
}

export function truthOf(life: Life, span: Span): Truth {
  const text = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    workouts: life.workouts(span).map(({ key, startMs, endMs }) => ({ key, start: text(startMs), end: text(endMs) })),
    nights: life
      .nights(span)
      .map(({ key, date, startMs, endMs }) => ({ key, date, start: text(startMs), end: text(endMs) })),
  };
}
