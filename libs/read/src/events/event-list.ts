import type { Database } from '#libs/database';
import { listCursor } from '../paging/list-cursor.js';
import { type Paged, sliceOf } from '../paging/page.js';
import type { QueryRange } from '../query-range.js';
import { type EventColumns, type EventScan, type EventShape, scanEvents } from './event-page.repository.js';

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
  db: Database,
  shape: EventShape,
  userId: string,
  { range, cursor: cursorText, limit }: EventListQuery,
  { narrow, mustEndWithin = true }: Pick<EventScan, 'narrow'> & { readonly mustEndWithin?: boolean },
  view: (row: Row) => View,
): Promise<Paged<View>> {
  const cursor = await listCursor(db, userId, cursorText, shape.category);
  const { rows, total } = await scanEvents<Row>(db, shape, {
    userId,
    range,
    mustEndWithin,
    cursor,
    wanted: limit + 1,
    narrow,
  });
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
