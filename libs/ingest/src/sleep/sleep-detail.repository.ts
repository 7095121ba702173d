import type { Sql, UserRef } from '#libs/database';
import type { DerivedSleep } from './fragment.js';
import { storedStages } from './stage-json.js';

export interface SleepDetailRow {
  readonly eventId: string;
  readonly sleep: DerivedSleep;
}

const COLUMNS =
  'total_minutes, time_in_bed_minutes, efficiency_percent, deep_minutes, rem_minutes, light_minutes, awake_minutes, ' +
  'is_nap, stages';
const of = (table: string): string => COLUMNS.replaceAll(/\w+/g, (column) => `${table}.${column}`);

const UPSERT = `
  INSERT INTO sleep_detail AS s (user_key, event_id, ${COLUMNS})
  SELECT $1, r.event_id, r.total_minutes, r.time_in_bed_minutes, round(r.efficiency_percent, 2), r.deep_minutes,
    r.rem_minutes, r.light_minutes, r.awake_minutes, r.is_nap, r.stages
  FROM unnest($2::uuid[], $3::integer[], $4::integer[], $5::numeric[], $6::integer[], $7::integer[], $8::integer[],
    $9::integer[], $10::boolean[], $11::jsonb[]) AS r (event_id, ${COLUMNS})
  ON CONFLICT (user_key, event_id) DO UPDATE SET (${COLUMNS}) = ROW (${of('excluded')})
  WHERE (${of('s')}) IS DISTINCT FROM (${of('excluded')})
  RETURNING event_id`;

/** Inserts details or replaces those that differ; answers the events whose details are other than before. */
export async function upsertSleepDetails(
  sql: Sql,
  user: UserRef,
  rows: readonly SleepDetailRow[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const changed = await sql.query<{ event_id: string }>(UPSERT, [
    user.key,
    rows.map((row) => row.eventId),
    rows.map(({ sleep }) => sleep.totalMinutes),
    rows.map(({ sleep }) => sleep.timeInBedMinutes),
    rows.map(({ sleep }) => sleep.efficiencyPercent),
    rows.map(({ sleep }) => sleep.deepMinutes),
    rows.map(({ sleep }) => sleep.remMinutes),
    rows.map(({ sleep }) => sleep.lightMinutes),
    rows.map(({ sleep }) => sleep.awakeMinutes),
    rows.map(({ sleep }) => sleep.isNap),
    rows.map(({ sleep }) => {
      const stages = storedStages(sleep.stages);
      return stages && JSON.stringify(stages);
    }),
  ]);
  return new Set(changed.map((row) => row.event_id));
}
