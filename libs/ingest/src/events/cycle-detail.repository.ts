import type { Sql, UserRef } from '#libs/database';
import type { JsonObject } from '#libs/model';
import { jsonText } from './json-text.js';

export interface CycleDetailRow {
  readonly eventId: string;
  readonly detail: JsonObject;
}

/** Inserts details or replaces those that differ; answers the events whose details are other than before. */
export async function upsertCycleDetails(
  sql: Sql,
  user: UserRef,
  rows: readonly CycleDetailRow[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const changed = await sql.query<{ event_id: string }>(
    `INSERT INTO menstrual_cycle_detail AS m (user_key, event_id, detail)
     SELECT $1, r.* FROM unnest($2::uuid[], $3::jsonb[]) AS r
     ON CONFLICT (user_key, event_id) DO UPDATE SET detail = excluded.detail
     WHERE m.detail IS DISTINCT FROM excluded.detail
     RETURNING event_id`,
    [user.key, rows.map((row) => row.eventId), rows.map((row) => jsonText(row.detail))],
  );
  return new Set(changed.map((row) => row.event_id));
}
