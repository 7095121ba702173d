import { encodeCursor, type KeysetCursor } from './cursor.js';

/** The wire's list envelope; instants and dates inside are wire text. */
export interface Paged<T> {
  readonly data: readonly T[];
  readonly pagination: Pagination;
  readonly metadata: PageMetadata;
}

export interface Pagination {
  readonly next_cursor: string | null;
  readonly previous_cursor: string | null;
  readonly has_more: boolean;
  readonly total_count: number | null;
}

export interface PageMetadata {
  readonly resolution: string | null;
  readonly sample_count: number | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
}

/** The place of a row in its list: instant as wire text, and UUID. */
export interface RowKey {
  readonly at: string;
  readonly id: string;
}

export interface Slice<T> {
  /** In the list's sort order. */
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
  readonly previousCursor: string | null;
  readonly hasMore: boolean;
}

/**
 * A page out of a keyset scan of up to `limit + 1` rows, nearest to the cursor first. A backward page comes back in the
 * list's sort order and always leads forward again; `hasMore` means more rows in the direction that was read.
 */
export function sliceOf<T>(
  scanned: readonly T[],
  limit: number,
  cursor: KeysetCursor | null,
  keyOf: (row: T) => RowKey,
): Slice<T> {
  const hasMore = scanned.length > limit;
  const rows = scanned.slice(0, limit);
  const isBackward = cursor?.isBackward ?? false;
  if (isBackward) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  const leadsForward = isBackward || hasMore;
  const leadsBackward = isBackward ? hasMore : cursor !== null;
  return {
    rows,
    nextCursor: last && leadsForward ? cursorText(keyOf(last), false) : null,
    previousCursor: first && leadsBackward ? cursorText(keyOf(first), true) : null,
    hasMore,
  };
}

const cursorText = ({ at, id }: RowKey, isBackward: boolean): string =>
  encodeCursor([at.replace('Z', '+00:00'), id], isBackward);
