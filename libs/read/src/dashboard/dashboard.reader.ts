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

const STATS = `
  WITH active AS MATERIALIZED (
    SELECT user_id, provider FROM connection WHERE status = 'active'
  ), per_user AS (
    SELECT count(*) AS connections FROM active GROUP BY user_id
  ), top AS (
    SELECT provider, count(*) AS count FROM active GROUP BY provider ORDER BY count DESC, provider LIMIT 6
  )
  SELECT (SELECT count(*) FROM users) AS users,
    (SELECT count(*) FROM active) AS connections,
    (SELECT count(*) FROM per_user) AS users_with_active,
    (SELECT count(*) FROM per_user WHERE connections > 1) AS users_with_multi_active,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('provider', provider, 'count', count) ORDER BY count DESC, provider),
      '[]') FROM top) AS top_providers,
    (SELECT coalesce(jsonb_object_agg(name, value), '{}')
     FROM (SELECT name, sum(value) AS value FROM platform_counter GROUP BY name) c) AS counters`;

/** Totals of the whole platform, from counters and small tables; no sample, rollup or event is looked at. */
@Injectable()
export class DashboardReader {
  constructor(private readonly db: Database) {}

  async stats(): Promise<DashboardStats> {
    const [row] = await this.db.query<Row & Record<string, unknown>>(STATS);
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
