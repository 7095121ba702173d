import { badRequest, instantFromDate, parseIsoInstant, SECOND, type Instant, type JsonObject } from '#libs/model';
import type { SyncWindow, WorkoutQuery } from '#libs/providers/kit';
import type { PullPart } from '#libs/sync';
import { Shown } from '../http/shown.js';
import { WireBool, WireEnum, WireInt, WireString } from '../http/wire/wire.js';

const FLAG = { default: false, description: 'Polar' } as const;

/** What vendors' workouts can be asked with; every provider reads what it knows. */
export class VendorWorkoutQuery {
  @WireInt({ default: 0, description: 'Unix seconds' })
  since!: number;

  @WireInt({ max: 100, default: 50 })
  limit!: number;

  @WireInt({ default: 0 })
  offset!: number;

  @WireBool({ default: true, description: 'Suunto' })
  filterByModificationTime!: boolean;

  @WireBool(FLAG)
  samples!: boolean;

  @WireBool(FLAG)
  zones!: boolean;

  @WireBool(FLAG)
  route!: boolean;

  @WireString({ optional: true, description: 'Unix seconds or ISO 8601' })
  summaryStartTime?: string;

  @WireString({ optional: true, description: 'Unix seconds or ISO 8601' })
  summaryEndTime?: string;
}

export class VendorWorkoutDetailQuery {
  @WireBool(FLAG)
  samples!: boolean;

  @WireBool(FLAG)
  zones!: boolean;

  @WireBool(FLAG)
  route!: boolean;
}

export class SyncQuery extends VendorWorkoutQuery {
  @WireEnum(['workouts', '247', 'all'], { default: 'all' })
  dataType!: PullPart;

  @WireBool({ default: true, description: 'false: the vendor is asked while you wait' })
  async!: boolean;
}

export class HistoryQuery {
  @WireInt({ min: 1, max: 365, default: 90 })
  days!: number;
}

/** Of an asynchronous sync `async`, `task_id`, `run_id` and `message`; of a synchronous one `details`. */
export class ProviderSyncAnswer {
  @Shown.flag()
  success!: boolean;

  @Shown.flag({ optional: true })
  async?: boolean;

  @Shown.text({ optional: true, description: 'See GET /tasks/{task_id}' })
  task_id?: string;

  @Shown.text({ optional: true, description: 'The sync run that tells how it goes' })
  run_id?: string;

  @Shown.text({ optional: true })
  message?: string;

  @Shown.json({ optional: true, description: '`workouts`: how many; `data_247`: what was stored by kind' })
  details?: JsonObject;
}

export class HistoryAnswer {
  @Shown.flag()
  success!: boolean;

  @Shown.text()
  provider!: string;

  @Shown.uuid()
  user_id!: string;

  @Shown.oneOf(['pull_api', 'webhook_backfill'])
  method!: 'pull_api' | 'webhook_backfill';

  @Shown.text()
  task_id!: string;

  @Shown.text()
  message!: string;

  @Shown.int({ optional: true })
  days?: number;

  @Shown.timestamp({ optional: true })
  start_date?: string;

  @Shown.timestamp({ optional: true })
  end_date?: string;
}

const SYNCHRONOUS_ONLY = [
  ['data_type', 'dataType', 'all'],
  ['since', 'since', 0],
  ['limit', 'limit', 50],
  ['offset', 'offset', 0],
  ['filter_by_modification_time', 'filterByModificationTime', true],
  ['samples', 'samples', false],
  ['zones', 'zones', false],
  ['route', 'route', false],
] as const;

/** @throws Failure 400 that names what only `async=false` knows */
export function checkAsynchronous(query: SyncQuery): void {
  const given = SYNCHRONOUS_ONLY.filter(([, field, usual]) => query[field] !== usual).map(([name]) => `'${name}'`);
  if (given.length === 0) return;
  throw badRequest(
    `Parameters [${given.join(', ')}] are not supported in async mode. ` +
      'Use async=false or omit provider-specific parameters.',
  );
}

/** The window asked for; `since` counts where no start is given. @throws Failure 400 */
export function askedWindow(query: SyncQuery): Partial<SyncWindow> {
  const { summaryStartTime, summaryEndTime, since } = query;
  const start = summaryStartTime ? readTime('summary_start_time', summaryStartTime) : null;
  const end = summaryEndTime ? readTime('summary_end_time', summaryEndTime) : null;
  if (start !== null && end !== null && end < start) throw badRequest('summary_end_time is before summary_start_time');
  const from = start ?? (since > 0 ? since * SECOND : null);
  return { ...(from === null ? {} : { start: from }), ...(end === null ? {} : { end }) };
}

/** A window with both ends; null when no start was given: news from where we are. */
export function windowOrNews(query: SyncQuery): SyncWindow | null {
  const { start, end } = askedWindow(query);
  return start === undefined ? null : { start, end: end ?? instantFromDate(new Date()) };
}

const LATEST_SECONDS = 9_000_000_000;

function readTime(name: string, text: string): Instant {
  const seconds = /^\d{1,10}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  const instant = Number.isNaN(seconds) ? parseIsoInstant(text.replace(' ', '+')) : Math.round(seconds * SECOND);
  if (instant === null || instant > LATEST_SECONDS * SECOND) {
    throw badRequest(`${name} must be Unix seconds or an ISO 8601 time`);
  }
  return instant;
}

export const workoutQuery = (query: Partial<VendorWorkoutQuery>): WorkoutQuery => ({
  since: query.since ?? 0,
  limit: query.limit ?? 50,
  offset: query.offset ?? 0,
  filterByModificationTime: query.filterByModificationTime ?? true,
  samples: query.samples ?? false,
  zones: query.zones ?? false,
  route: query.route ?? false,
  summaryStartTime: query.summaryStartTime ?? null,
  summaryEndTime: query.summaryEndTime ?? null,
});
