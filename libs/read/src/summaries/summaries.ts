import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { localDate, type LocalDate } from '#libs/model';
import { listCursor } from '../paging/list-cursor.js';
import type { Paged } from '../paging/page.js';
import type { QueryRange } from '../query-range.js';
import { ActivitySummaryReader } from './activity-summary.reader.js';
import { type BodyQuery, BodySummaryReader } from './body-summary.reader.js';
import { type BodySummaryView, bodyView } from './body-view.js';
import { parseDayCursor, parseNightCursor } from './date-cursor.js';
import { RecoverySummaryReader } from './recovery-summary.reader.js';
import { SleepSummaryReader } from './sleep-summary.reader.js';
import { summaryPage } from './summary-page.js';
import {
  type ActivitySummaryView,
  activityView,
  type RecoverySummaryView,
  recoveryView,
  type SleepSummaryView,
  sleepView,
} from './summary-views.js';

export interface SummaryQuery {
  /** Local dates from that of the start on, without that of the end; times of day are dropped. */
  readonly range: QueryRange;
  readonly cursor: string | null;
  readonly limit: number;
  readonly explain: boolean;
}

interface Person extends UserRef {
  birth_date: LocalDate | null;
}

/** Summaries in the shapes of the wire. Unknown users have empty ones. */
@Injectable()
export class Summaries {
  constructor(
    private readonly db: Database,
    private readonly activityReader: ActivitySummaryReader,
    private readonly sleepReader: SleepSummaryReader,
    private readonly recoveryReader: RecoverySummaryReader,
    private readonly bodyReader: BodySummaryReader,
  ) {}

  async activity(
    userId: string,
    query: SummaryQuery & { readonly sortOrder: 'asc' | 'desc' },
  ): Promise<Paged<ActivitySummaryView>> {
    const cursor = parseDayCursor(query.cursor);
    const person = await this.person(userId);
    const dates = datesOf(query.range);
    const age = ageOn(dates.from, person?.birth_date ?? null);
    const page = person
      ? await this.activityReader.page(person, {
          ...dates,
          limit: query.limit,
          sortOrder: query.sortOrder,
          cursor,
          age,
        })
      : NOTHING;
    return summaryPage(
      page,
      query.range,
      cursor,
      ({ date, source }) => [date, source.source ?? 'unknown', source.deviceModel ?? ''],
      (day) => activityView(day, query.explain),
    );
  }

  async sleep(userId: string, query: SummaryQuery): Promise<Paged<SleepSummaryView>> {
    const cursor = await parseNightCursor(this.db, userId, query.cursor);
    const person = await this.person(userId);
    const page = person
      ? await this.sleepReader.page(person, { ...datesOf(query.range), limit: query.limit, sortOrder: 'asc', cursor })
      : NOTHING;
    return summaryPage(
      page,
      query.range,
      cursor,
      ({ date, recordId }) => [`${date}T00:00:00+00:00`, recordId],
      (night) => sleepView(night, query.explain),
    );
  }

  async recovery(userId: string, query: SummaryQuery): Promise<Paged<RecoverySummaryView>> {
    const cursor = await listCursor(this.db, userId, query.cursor, 'recovery');
    const person = await this.person(userId);
    const page = person
      ? await this.recoveryReader.page(person, {
          from: query.range.start.instant,
          to: query.range.end.instant,
          limit: query.limit,
          cursor,
        })
      : NOTHING;
    return summaryPage(
      page,
      query.range,
      cursor,
      ({ recordedAt, id }) => [recordedAt.replace('Z', '+00:00'), id],
      (day) => recoveryView(day, query.explain),
    );
  }

  /** Null when the user has none of the values. */
  async body(userId: string, query: BodyQuery & { readonly explain: boolean }): Promise<BodySummaryView | null> {
    const person = await this.person(userId);
    const body = person && (await this.bodyReader.read(person, query));
    if (!body) return null;
    return bodyView(body, ageOn(localDate(query.now, 0), person.birth_date), query.averagePeriodDays, query.explain);
  }

  private async person(userId: string): Promise<Person | null> {
    const [person] = await this.db.prepared<Person & Record<string, unknown>>(
      'SELECT id, key, birth_date FROM users WHERE id = $1',
      [userId],
    );
    return person ?? null;
  }
}

const NOTHING = { items: [], hasMore: false };

const datesOf = ({ start, end }: QueryRange): { from: LocalDate; to: LocalDate } => ({
  from: localDate(start.instant, 0),
  to: localDate(end.instant, 0),
});

/** Full years on a date; null when the birth date is unknown or still ahead. */
function ageOn(date: LocalDate, birthDate: LocalDate | null): number | null {
  if (birthDate === null || birthDate > date) return null;
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
