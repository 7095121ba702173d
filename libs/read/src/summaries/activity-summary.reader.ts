import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import type { LocalDate } from '#libs/model';
import { activityDay, type ActivityDay, type ActivityRow, type ElevationRow } from './activity-day.js';
import { activityDaysSql, WORKOUT_ELEVATION_SQL } from './activity-summary.sql.js';
import { cutPage, type DatePage, type DatePageQuery, dateScan, groupByDate } from './date-page.js';
import { readDates } from './date-span.js';
import { maxHeartRate, zoneEnds } from './heart-rate-zones.js';

export interface ActivityQuery extends DatePageQuery {
  /** Age in full years on the first day of the range; null = unknown. */
  readonly age: number | null;
}

/** Activity per local date out of daily rollups; the cost depends on the dates of the page alone. */
@Injectable()
export class ActivitySummaryReader {
  constructor(private readonly db: Database) {}

  async page(user: UserRef, query: ActivityQuery): Promise<DatePage<ActivityDay>> {
    const { rest, light, moderate } = zoneEnds(maxHeartRate(query.age));
    const days = await readDates(dateScan(query), ({ direction, from, to, count }) => {
      const values = [user.key, user.id, from, to, count, rest, light, moderate];
      return this.db.query<ActivityRow>(activityDaysSql(direction), values);
    });
    const { items, hasMore } = cutPage(days, query);
    const climbs = await this.elevations(user, items.map((day) => day[0]!.local_date).sort());
    return { items: items.map((day) => activityDay(day, climbs.get(day[0]!.local_date) ?? [])), hasMore };
  }

  private async elevations(user: UserRef, dates: readonly LocalDate[]): Promise<Map<LocalDate, ElevationRow[]>> {
    if (dates.length === 0) return new Map();
    const values = [user.key, user.id, dates[0], dates.at(-1)];
    const rows = await this.db.query<ElevationRow>(WORKOUT_ELEVATION_SQL, values);
    return new Map(groupByDate(rows).map((day) => [day[0]!.local_date, day]));
  }
}
