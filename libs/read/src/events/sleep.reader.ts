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

/** Of each local date the events of the best ranked source among those with a matching event. */
function ofBestSource(parameters: SqlParameters, matching: string, userId: string): string {
  const user = `${parameters.add(userId)}::uuid`;
  return `(e.local_date, e.source_id) IN (
    WITH ${rankedSources(`(SELECT key FROM users WHERE id = ${user})`, user)}
    SELECT DISTINCT ON (e.local_date) e.local_date, e.source_id
    FROM event e
    JOIN ranked r ON r.source_id = e.source_id
    WHERE ${matching}
    ORDER BY e.local_date, r.position)`;
}
