import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { cutPage, type DatePage, type DatePageQuery, dateScan } from './date-page.js';
import { readDates } from './date-span.js';
import { nightVitals, type NightVitals, VITAL_SERIES, type VitalRow } from './night-vitals.js';
import { byRank, type RankedSources, rankedSourcesOf } from './ranked-sources.js';
import { type SleepEventRow, type SleepNight, sleepNight } from './sleep-night.js';
import { NIGHT_VITALS_SQL, sleepNightsSql } from './sleep-summary.sql.js';

export interface SleepNightSummary extends SleepNight {
  readonly vitals: NightVitals;
}

const NIGHTS_SQL = { ASC: sleepNightsSql('ASC'), DESC: sleepNightsSql('DESC') };

/** Sleep per night out of sleep events and the vitals kept beside them; no sample is read. */
@Injectable()
export class SleepSummaryReader {
  constructor(private readonly db: Database) {}

  async page(user: UserRef, query: DatePageQuery): Promise<DatePage<SleepNightSummary>> {
    const [nights, sources] = await Promise.all([
      readDates(dateScan(query), ({ direction, from, to, count }) =>
        this.db.prepared<SleepEventRow>(NIGHTS_SQL[direction], [user.key, 'sleep', from, to, count]),
      ),
      rankedSourcesOf(this.db, user),
    ]);
    const { items, hasMore } = cutPage(nights, query);
    const chosen = items.flatMap((events) => sleepNight(events, sources) ?? []);
    return { items: await this.withVitals(user, chosen, sources), hasMore };
  }

  private async withVitals(
    user: UserRef,
    nights: readonly SleepNight[],
    sources: RankedSources,
  ): Promise<SleepNightSummary[]> {
    const eventIds = nights.flatMap((night) => night.main.map((event) => event.id));
    const rows =
      eventIds.length === 0
        ? []
        : await this.db.prepared<VitalRow>(NIGHT_VITALS_SQL, [user.key, eventIds, VITAL_SERIES]);
    const byEvent = new Map<string, VitalRow[]>();
    for (const row of rows) {
      const own = byEvent.get(row.event_id);
      if (own) own.push(row);
      else byEvent.set(row.event_id, [row]);
    }
    return nights.map((night) => {
      const samples = night.main.flatMap((event) => byEvent.get(event.id) ?? []);
      return { ...night, vitals: nightVitals(byRank(samples, sources), night.choice) };
    });
  }
}
