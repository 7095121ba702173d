import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface DashboardStats {
  readonly total_users: { readonly count: number };
  /** Active connections. */
  readonly active_conn: { readonly count: number };
  /** Samples, and rollups whose samples were dropped. */
  readonly data_points: { readonly count: number; readonly archived: number };
  /** `count` takes every category in. */
  readonly event_records: {
    readonly count: number;
    readonly workouts: number;
    readonly sleep: number;
    readonly menstrual_cycles: number;
  };
  readonly connections_coverage: {
    /** Users with at least one, and with more than one, active connection. */
    readonly users_with_active: number;
    readonly users_with_multi_active: number;
    /** At most six, by active connections, equal ones by name. */
    readonly top_providers: readonly { readonly provider: string; readonly count: number }[];
  };
}

interface Row {
  users: number;
  connections: number;
  users_with_active: number;
  users_with_multi_active: number;
  top_providers: { provider: string; count: number }[];
  counters: Record<string, number>;
}

/** Two passes over the active connections, out of one index: by user and by provider. */
const STATS = `
  SELECT (SELECT count(*) FROM users) AS users, per_user.*, top.*, counters.*
  FROM (
    SELECT coalesce(sum(n), 0) AS connections, count(*) AS users_with_active,
           count(*) FILTER (WHERE n > 1) AS users_with_multi_active
    FROM (SELECT count(*) AS n FROM connection WHERE status = 'active' GROUP BY user_id) u
  ) per_user, (
    SELECT coalesce(jsonb_agg(p), '[]') AS top_providers
    FROM (
      SELECT provider, count(*) AS count FROM connection WHERE status = 'active'
      GROUP BY provider ORDER BY count DESC, provider LIMIT 6
    ) p
  ) top, (
    SELECT coalesce(jsonb_object_agg(name, value), '{}') AS counters
    FROM (SELECT name, sum(value) AS value FROM platform_counter GROUP BY name) c
  ) counters`;

/** Totals of the whole platform, from counters and small tables; no sample, rollup or event is looked at. */
@Injectable()
export class DashboardReader {
  constructor(private readonly db: Database) {}

  async stats(): Promise<DashboardStats> {
    const [row] = await this.db.prepared<Row & Record<string, unknown>>(STATS);
    const { users, connections, users_with_active, users_with_multi_active, top_providers, counters } = row!;
    const total = (name: string): number => counters[name] ?? 0;
    return {
      total_users: { count: users },
      active_conn: { count: connections },
      data_points: { count: total('points'), archived: total('archived_rollups') },
      event_records: {
        count: total('events'),
        workouts: total('workouts'),
        sleep: total('sleeps'),
        menstrual_cycles: total('cycles'),
      },
      connections_coverage: { users_with_active, users_with_multi_active, top_providers },
    };
  }
}
