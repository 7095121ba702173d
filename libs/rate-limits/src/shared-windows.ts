import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Hits, Window } from './window.js';

/** One statement for any number of keys; a window that is over starts anew. Sorted, so that two never deadlock. */
const ADD = `
  INSERT INTO rate_limit AS r (key, hits, window_ends_at)
  SELECT key, count, now() + $3 * interval '1 millisecond'
  FROM unnest($1::text[], $2::integer[]) AS h (key, count) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN r.window_ends_at <= now() THEN excluded.hits ELSE r.hits + excluded.hits END,
    window_ends_at = CASE WHEN r.window_ends_at <= now() THEN excluded.window_ends_at ELSE r.window_ends_at END
  RETURNING key, hits, (extract(epoch FROM window_ends_at - now()) * 1000)::float8 AS left_ms`;

/** Windows that all processes count in. */
@Injectable()
export class SharedWindows {
  constructor(private readonly db: Database) {}

  /** Counts requests and answers, per key, the window as it now stands. Keys must differ. */
  async add(hits: readonly Hits[], windowMs: number): Promise<Map<string, Window>> {
    const values = [hits.map(({ key }) => key), hits.map(({ count }) => count), windowMs];
    const rows = await this.db.query<{ key: string; hits: number; left_ms: number }>(ADD, values);
    const nowMs = Date.now();
    return new Map(rows.map((row) => [row.key, { hits: row.hits, endsAtMs: nowMs + row.left_ms }]));
  }
}
