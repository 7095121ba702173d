import type { Sql, UserRef } from '#libs/database';
import { formatInstant } from '#libs/model';
import type { StreamChange } from '../points/point-change.js';
import { arrayText } from '../points/sql-arrays.js';
import { rangesOfDates } from './date-ranges.js';
import { DAY_COLUMNS, daysFromPoints, minutesKind } from './rollup.sql.js';

/**
 * Computes the rollups of all local dates that changes touched from the points of those dates. A date that lost its
 * last point loses its rollup; rollups whose points were dropped stay as they are.
 */
export async function refreshRollups(sql: Sql, user: UserRef, changes: readonly StreamChange[]): Promise<void> {
  const left = daysOf(changes, (change) => change.leftDays);
  if (left.length > 0) {
    await sql.query(REMOVE, [user.key, arrayText(left, (day) => day.streamId), arrayText(left, (day) => day.localDay)]);
  }
  const touched = daysOf(changes, (change) => change.localDays);
  const ranges = changes.flatMap(({ stream, localDays, zoneMin, zoneMax }) =>
    rangesOfDates(localDays, zoneMin, zoneMax).map((range) => ({
      ...range,
      streamId: stream.id,
      kind: minutesKind(stream.series.id, stream.isDailyTotal),
    })),
  );
  const kinds = ranges.map((range) => range.kind);
  await sql.query(refreshSql(daysFromPoints(kinds)), [
    user.key,
    formatInstant(ranges.reduce((least, range) => Math.min(least, range.from), Infinity)),
    formatInstant(ranges.reduce((greatest, range) => Math.max(greatest, range.to), -Infinity)),
    arrayText(ranges, (range) => range.streamId),
    arrayText(ranges, (range) => range.from),
    arrayText(ranges, (range) => range.to),
    kinds,
    arrayText(touched, (day) => day.streamId),
    arrayText(touched, (day) => day.localDay),
  ]);
}

function daysOf(
  changes: readonly StreamChange[],
  days: (change: StreamChange) => ReadonlySet<number>,
): { streamId: number; localDay: number }[] {
  return changes.flatMap((change) => [...days(change)].map((localDay) => ({ streamId: change.stream.id, localDay })));
}

/**
 * Dates that still have points get their rollup back right after. Streams and dates stand there a second time as plain
 * conditions, so that no plan looks at other rollups of the user.
 */
const REMOVE = `
  DELETE FROM rollup r USING unnest($2::integer[], $3::integer[]) AS t (stream_id, local_day)
  WHERE r.user_key = $1 AND r.stream_id = t.stream_id AND r.local_date = date '1970-01-01' + t.local_day
    AND r.stream_id = ANY ($2::integer[])
    AND r.local_date >= date '1970-01-01' + (SELECT min(day) FROM unnest($3::integer[]) AS day)
    AND r.local_date <= date '1970-01-01' + (SELECT max(day) FROM unnest($3::integer[]) AS day)
    AND NOT r.archived`;

const refreshSql = (days: string): string => `
  WITH ranges AS (
    SELECT stream_id, 'epoch'::timestamptz + starts * interval '1 microsecond' AS starts,
      'epoch'::timestamptz + ends * interval '1 microsecond' AS ends, kind
    FROM unnest($4::integer[], $5::bigint[], $6::bigint[], $7::text[]) AS r (stream_id, starts, ends, kind)
  ), touched AS (
    SELECT stream_id, date '1970-01-01' + local_day AS local_date
    FROM unnest($8::integer[], $9::integer[]) AS t (stream_id, local_day)
  ), ${days}
  INSERT INTO rollup AS r (user_key, ${DAY_COLUMNS})
  SELECT $1, ${DAY_COLUMNS} FROM days JOIN touched USING (stream_id, local_date)
  ORDER BY stream_id, local_date
  ON CONFLICT (user_key, stream_id, local_date) DO UPDATE
  SET point_count = excluded.point_count, sum_value = excluded.sum_value, min_value = excluded.min_value,
    max_value = excluded.max_value, first_value = excluded.first_value, first_at = excluded.first_at,
    last_value = excluded.last_value, last_at = excluded.last_at, minute_levels = excluded.minute_levels,
    minute_counts = excluded.minute_counts
  WHERE NOT r.archived`;
