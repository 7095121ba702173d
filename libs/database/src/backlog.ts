import type { Sql } from './database.js';

/** What waits in a table although its time has come. */
export interface Backlog {
  readonly table: string;
  /** Rows; at most `MOST_COUNTED` are counted. */
  readonly rows: number;
  /** How long the oldest has been due; 0 when nothing waits. */
  readonly seconds: number;
}

const MOST_COUNTED = 10_000;

/** Since when a row could have been worked on, by table; each is an index from its oldest end. */
const WAITING = {
  inbox: `SELECT received_at AS since FROM inbox WHERE state = 'pending' ORDER BY received_at`,
  vendor_inbox: `SELECT due_at AS since FROM vendor_inbox
    WHERE state IN ('pending', 'running') AND due_at <= now() ORDER BY due_at`,
  pull_run: `SELECT due_at AS since FROM pull_run WHERE state <> 'done' AND due_at <= now() ORDER BY due_at`,
  outbox: `SELECT due_at AS since FROM outbox WHERE due_at <= now() ORDER BY due_at`,
};

const BACKLOG = Object.entries(WAITING)
  .map(
    ([table, rows]) => `SELECT '${table}' AS "table", count(*) AS rows,
      coalesce(greatest(0, extract(epoch FROM now() - min(since))), 0)::float8 AS seconds
      FROM (${rows} LIMIT ${MOST_COUNTED}) AS waiting`,
  )
  .join(' UNION ALL ');

/** How far behind the workers are. Costs at most `MOST_COUNTED` entries of an index per table. */
export const readBacklog = (sql: Sql): Promise<Backlog[]> => sql.query<Backlog>(BACKLOG);
