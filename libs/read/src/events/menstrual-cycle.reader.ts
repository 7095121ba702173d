import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Paged } from '../paging/page.js';
import { CYCLE_SHAPE, type CycleRow, cycleView, type MenstrualCycleView } from './cycle-view.js';
import { type EventListQuery, eventPage } from './event-list.js';

/** Menstrual cycles of a user that start in the range; a running one ends in the future, so its end does not count. */
@Injectable()
export class MenstrualCycleReader {
  constructor(private readonly db: Database) {}

  page(userId: string, query: EventListQuery): Promise<Paged<MenstrualCycleView>> {
    const scan = { mustEndWithin: false };
    return eventPage<CycleRow, MenstrualCycleView>(this.db, CYCLE_SHAPE, userId, query, scan, cycleView);
  }
}
