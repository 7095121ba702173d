import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';

interface Rule {
  readonly table: string;
  /** Columns, separated by commas. */
  readonly key: string;
  readonly overdue: string;
}

type Settings = Pick<AppConfig, 'syncStatusDays'>;

/** What is thrown away, and when. Each condition has an index that finds the overdue rows first. */
const rules = ({ syncStatusDays }: Settings): readonly Rule[] => [
  {
    table: 'task',
    key: 'id',
    overdue: `updated_at < now() - interval '7 days' AND state NOT IN ('queued', 'running')`,
  },
  { table: 'inbox', key: 'id', overdue: `finished_at < now() - interval '7 days' AND state <> 'pending'` },
  { table: 'sdk_log_event', key: 'id', overdue: `received_at < now() - interval '14 days'` },
  {
    table: 'token_family',
    key: 'id',
    overdue: `coalesce(revoked_at, expires_at) < now() - interval '30 days'`,
  },
  // Long enough for a stolen token to be noticed when it is used.
  { table: 'refresh_token', key: 'hash', overdue: `rotated_at < now() - interval '90 days'` },
  { table: 'user_invitation_code', key: 'id', overdue: `expires_at < now() - interval '30 days'` },
  { table: 'rate_limit', key: 'key', overdue: `window_ends_at < now() - interval '1 hour'` },
  { table: 'pull_run', key: 'id', overdue: `finished_at < now() - interval '7 days' AND state = 'done'` },
  {
    table: 'vendor_inbox',
    key: 'id',
    overdue: `finished_at < now() - interval '7 days' AND state IN ('done', 'failed')`,
  },
  // Those that nobody could tell; the others wait for a worker, however long it was away.
  { table: 'outbox', key: 'id', overdue: `created_at < now() - interval '7 days' AND failures > 0` },
  {
    table: 'sync_event',
    key: 'user_key, event_id',
    overdue: `happened_at < now() - ${syncStatusDays} * interval '1 day'`,
  },
  { table: 'sync_run', key: 'user_key, run_id', overdue: `last_update < now() - ${syncStatusDays} * interval '1 day'` },
];

const ROWS_PER_STATEMENT = 5_000;

/** Deletes what has been kept long enough, in small statements so that nobody waits for it. */
@Injectable()
export class Retention {
  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly settings: Settings,
  ) {}

  /** @returns deleted rows by table */
  async run(): Promise<Record<string, number>> {
    const deleted: Record<string, number> = {};
    for (const rule of rules(this.settings)) deleted[rule.table] = await this.apply(rule);
    return deleted;
  }

  private async apply({ table, key, overdue }: Rule): Promise<number> {
    let total = 0;
    for (;;) {
      const rows = await this.db.query(
        `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${overdue} LIMIT ${ROWS_PER_STATEMENT})
         RETURNING 1`,
      );
      total += rows.length;
      if (rows.length < ROWS_PER_STATEMENT) return total;
    }
  }
}
