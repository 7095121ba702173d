import { parseKeysetCursor } from '../paging/cursor.js';
import { type Paged, sliceOf } from '../paging/page.js';
import type { QueryRange } from '../query-range.js';
import type { EventColumns, EventRows, EventScan } from './event-page.repository.js';

/** Query of the event lists. `cursor` is the wire's text. */
export interface EventListQuery {
  readonly range: QueryRange;
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * One page of events, newest first.
 * @throws Failure 400 when the cursor is none
 */
export async function eventPage<Row extends EventColumns, View>(
  userId: string,
  { range, cursor: cursorText, limit }: EventListQuery,
  scan: (scan: EventScan) => Promise<EventRows<Row>>,
  view: (row: Row) => View,
): Promise<Paged<View>> {
  const cursor = parseKeysetCursor(cursorText);
  const { rows, total } = await scan({ userId, range, mustEndWithin: true, cursor, wanted: limit + 1 });
  const slice = sliceOf(rows, limit, cursor, (row) => ({ at: row.started_at, id: row.id }));
  return {
    data: slice.rows.map(view),
    pagination: {
      next_cursor: slice.nextCursor,
      previous_cursor: slice.previousCursor,
      has_more: slice.hasMore,
      total_count: total,
    },
    metadata: {
      resolution: null,
      sample_count: slice.rows.length,
      start_time: range.start.echo,
      end_time: range.end.echo,
    },
  };
}
