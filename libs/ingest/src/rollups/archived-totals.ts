import type { Sql, UserRef } from '#libs/database';
import { dateOfDay, type OpenStream, type RowsOf } from '../points/point-row.js';

/**
 * Replaces the rollups of archived dates by daily totals that arrived late; of several for one date the last one
 * counts. The points themselves stay dropped. Returns how many rollups changed.
 */
export async function replaceArchivedTotals(
  sql: Sql,
  user: UserRef,
  groups: readonly RowsOf<OpenStream>[],
): Promise<number> {
  const last = groups.flatMap(({ stream, rows }) =>
    [...new Map(rows.map((row) => [row.localDay, row])).values()].map((row) => ({ ...row, streamId: stream.id })),
  );
  if (last.length === 0) return 0;
  const changed = await sql.query(REPLACE, [
    user.key,
    last.map((total) => total.streamId),
    last.map((total) => dateOfDay(total.localDay)),
    last.map((total) => total.value),
    last.map((total) => total.recordedAt),
  ]);
  return changed.length;
}

const REPLACE = `
  UPDATE rollup r
  SET point_count = 1, sum_value = trim_scale((t.value * 1000000)::bigint * 0.000001), min_value = t.value,
    max_value = t.value, first_value = t.value, last_value = t.value, first_at = t.recorded_at,
    last_at = t.recorded_at
  FROM (
    SELECT stream_id, local_date, value, 'epoch'::timestamptz + recorded_at * interval '1 microsecond' AS recorded_at
    FROM unnest($2::integer[], $3::date[], $4::float8[], $5::bigint[]) AS t (stream_id, local_date, value, recorded_at)
  ) t
  WHERE r.user_key = $1 AND r.stream_id = t.stream_id AND r.local_date = t.local_date AND r.archived
    AND (r.point_count, r.last_value, r.last_at) IS DISTINCT FROM (1, t.value, t.recorded_at)
  RETURNING 1`;
