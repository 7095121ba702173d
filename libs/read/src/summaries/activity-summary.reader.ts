import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { dayOfDate, type LocalDate } from '#libs/model';
import { activityDay, type ActivityDay, type ElevationRow } from './activity-day.js';
import { type SourceFigures, sourceFigures, type StreamFigures } from './activity-figures.js';
import { ACTIVITY_SERIES, activityFiguresSql, WORKOUT_ELEVATION_SQL } from './activity-summary.sql.js';
import { cutPage, type DatePage, type DatePageQuery, dateScan, groupByDate } from './date-page.js';
import { readDates } from './date-span.js';
import { maxHeartRate, zoneEnds } from './heart-rate-zones.js';
import { rankedSourcesOf } from './ranked-sources.js';

export interface ActivityQuery extends DatePageQuery {
  /** Age in full years on the first day of the range; null = unknown. */
  readonly age: number | null;
}

const FIGURES_SQL = { ASC: activityFiguresSql('ASC'), DESC: activityFiguresSql('DESC') };

/** Activity per local date out of daily rollups; the cost depends on the dates of the page alone. */
@Injectable()
export class ActivitySummaryReader {
  constructor(private readonly db: Database) {}

  async page(user: UserRef, query: ActivityQuery): Promise<DatePage<ActivityDay>> {
    // Where the page holds the whole range, its workouts need not wait for its dates.
    const known =
      dayOfDate(query.to) - dayOfDate(query.from) <= query.limit ? this.elevations(user, [query.from, query.to]) : null;
    const [days, sources, early] = await Promise.all([this.days(user, query), rankedSourcesOf(this.db, user), known]);
    const { items, hasMore } = cutPage(days, query);
    const climbs = early ?? (await this.elevations(user, items.map((day) => day[0]!.local_date).sort()));
    return {
      items: items.flatMap((day) => activityDay(day, climbs.get(day[0]!.local_date) ?? [], sources) ?? []),
      hasMore,
    };
  }

  private days(user: UserRef, query: ActivityQuery): Promise<SourceFigures[][]> {
    const { rest, light, moderate } = zoneEnds(maxHeartRate(query.age));
    return readDates(dateScan(query), async ({ direction, from, to, count }) => {
      const values = [user.key, ACTIVITY_SERIES, from, to, count, rest, light, moderate];
      return sourceFigures(await this.db.prepared<StreamFigures>(FIGURES_SQL[direction], values), direction);
    });
  }

  private async elevations(user: UserRef, dates: readonly LocalDate[]): Promise<Map<LocalDate, ElevationRow[]>> {
    if (dates.length === 0) return new Map();
    const rows = await this.db.prepared<ElevationRow>(WORKOUT_ELEVATION_SQL, [user.key, dates[0], dates.at(-1)]);
    return new Map(groupByDate(rows).map((day) => [day[0]!.local_date, day]));
  }
}
