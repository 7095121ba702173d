import type { Paged } from '../paging/page.js';
import { encodeCursor } from '../paging/cursor.js';
import type { QueryRange } from '../query-range.js';

/** One page of a summary in sort order, and whether more lies in the direction it was read. */
export interface SummaryRows<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** The cursor that led to the page; null on the first one. */
export interface LedBy {
  readonly isBackward: boolean;
}

/**
 * The wire envelope of a summary page. Cursors stand at the true ends of the page: a page that was reached backward
 * always leads forward again.
 *
 * @param keyOf fields of a row's cursor
 */
export function summaryPage<T, V>(
  { items, hasMore }: SummaryRows<T>,
  range: QueryRange,
  cursor: LedBy | null,
  keyOf: (row: T) => readonly string[],
  viewOf: (row: T) => V,
): Paged<V> {
  const first = items[0];
  const last = items.at(-1);
  const isBackward = cursor?.isBackward ?? false;
  const leadsForward = isBackward || hasMore;
  const leadsBackward = isBackward ? hasMore : cursor !== null;
  return {
    data: items.map(viewOf),
    pagination: {
      next_cursor: last && leadsForward ? encodeCursor(keyOf(last), false) : null,
      previous_cursor: first && leadsBackward ? encodeCursor(keyOf(first), true) : null,
      has_more: hasMore,
      total_count: null,
    },
    metadata: {
      resolution: null,
      sample_count: items.length,
      start_time: range.start.echo,
      end_time: range.end.echo,
    },
  };
}
