import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Paged } from '../paging/page.js';
import { rankedSources } from '../source-ranking.js';
import type { SqlParameters } from '../sql-parameters.js';
import { type EventListQuery, eventPage } from './event-list.js';
import { findEvent } from './event-page.repository.js';
import {
  SLEEP_SHAPE,
  type SleepDetailView,
  sleepDetailView,
  type SleepRow,
  type SleepView,
  sleepView,
} from './sleep-view.js';

export interface SleepListQuery extends EventListQuery {
  /** Only the sessions of each night's best source. */
  readonly filterByPriority: boolean;
}

/** Sleep sessions of a user; ids of other users or categories are not found. */
@Injectable()
export class SleepReader {
  constructor(private readonly db: Database) {}

  page(userId: string, query: SleepListQuery): Promise<Paged<SleepView>> {
    const narrow = query.filterByPriority
      ? (parameters: SqlParameters, matching: string) => ofBestSource(parameters, matching, userId)
      : undefined;
    return eventPage<SleepRow, SleepView>(this.db, SLEEP_SHAPE, userId, query, { narrow }, sleepView);
  }

  async one(userId: string, sleepId: string): Promise<SleepDetailView | null> {
    const row = await findEvent<SleepRow>(this.db, SLEEP_SHAPE, userId, sleepId);
    return row && sleepDetailView(row);
  }
}

/**
 * Of each local date the events of the best ranked source among those with a matching event. As in the sleep summary a
 * source with naps alone stands back.
 */
function ofBestSource(parameters: SqlParameters, matching: string, userId: string): string {
  const user = `${parameters.add(userId)}::uuid`;
  return `(e.local_date, e.source_id) IN (
    WITH ${rankedSources(`(SELECT key FROM users WHERE id = ${user})`, user)}
    SELECT DISTINCT ON (local_date) local_date, source_id
    FROM (
      SELECT e.local_date, e.source_id, r.position, bool_and(coalesce(d.is_nap, false)) AS is_naps_alone
      FROM event e
      JOIN ranked r ON r.source_id = e.source_id
      LEFT JOIN LATERAL (
        SELECT d.is_nap FROM sleep_detail d WHERE d.user_key = e.user_key AND d.event_id = e.id OFFSET 0
      ) d ON true
      WHERE ${matching}
      GROUP BY e.local_date, e.source_id, r.position
    ) candidates
    ORDER BY local_date, is_naps_alone, position)`;
}
