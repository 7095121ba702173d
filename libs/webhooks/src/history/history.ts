import type { JsonObject } from '#libs/model';
import { idAt, type IdPrefix } from '../ids/sortable-id.js';

/** A place in a list and what it is cut down to. */
export interface HistoryQuery {
  readonly limit: number;
  /** Id of the last item of a page for the next one; with `-` and the id of the first item for the previous one. */
  readonly iterator: string | null;
  /** Exclusive, ISO. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface HistoryPage<T> {
  readonly data: T[];
  /** Nothing older follows. */
  readonly done: boolean;
  readonly iterator: string | null;
  readonly prevIterator: string | null;
}

export interface MessageView {
  readonly id: string;
  readonly eventType: string;
  readonly eventId: string | null;
  readonly timestamp: string;
  readonly channels: string[] | null;
  readonly tags: null;
  readonly payload: JsonObject | null;
}

export interface AttemptView {
  readonly id: string;
  readonly endpointId: string;
  readonly msgId: string;
  readonly url: string;
  readonly response: string;
  readonly responseStatusCode: number;
  readonly responseDurationMs: number;
  readonly status: number;
  readonly statusText: string;
  readonly triggerType: number;
  readonly timestamp: string;
  readonly msg: MessageView | null;
}

/** How the rows of a page are to be read: towards older or, going back, newer ids, between two exclusive ones. */
export interface PageWalk {
  readonly isBack: boolean;
  readonly below: string | null;
  readonly above: string | null;
}

/** An id is never behind its time, and ahead of it by what the clock of its process was set back; less than this. */
const MOST_AHEAD_MS = 24 * 3600 * 1000;

/** The times of a query narrow the ids too, so that nothing outside of them is read. */
export function pageWalk(prefix: IdPrefix, { iterator, before, after }: HistoryQuery): PageWalk {
  const latest = before === null ? null : idAt(prefix, new Date(Date.parse(before) + MOST_AHEAD_MS));
  const earliest = after === null ? null : idAt(prefix, new Date(after));
  if (iterator === null) return { isBack: false, below: latest, above: earliest };
  if (!iterator.startsWith('-')) {
    return { isBack: false, below: latest !== null && latest < iterator ? latest : iterator, above: earliest };
  }
  const last = iterator.slice(1);
  return { isBack: true, below: latest, above: earliest !== null && earliest > last ? earliest : last };
}

/** The part of a list query that is the same for all lists, over `column` (an id) and `created`; parameters from $1. */
export const pageSql = (column: string, created: string): string =>
  `($1::text IS NULL OR ${column} < $1) AND ($2::text IS NULL OR ${column} > $2)
    AND ($3::timestamptz IS NULL OR ${created} < $3) AND ($4::timestamptz IS NULL OR ${created} > $4)
    AND ${created} > now() - interval '90 days'`;

/** Makes a page of one row more than the limit, newest first. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
  { isBack }: PageWalk,
): HistoryPage<T> {
  const hasMore = rows.length > limit;
  const data = rows.slice(0, limit);
  if (isBack) data.reverse();
  const [first] = data;
  const last = data.at(-1);
  return {
    data,
    // Whoever comes back from older items knows that there are some.
    done: isBack ? data.length === 0 : !hasMore,
    iterator: last?.id ?? null,
    prevIterator: first ? `-${first.id}` : null,
  };
}
