import type { Sql, UserRef } from '#libs/database';
import type { DayNumber, OpenStream, RowsOf, StreamIdentity } from './point-row.js';
import { arrayText } from './sql-arrays.js';

interface StreamRecord {
  slot: number;
  id: number;
  first_at: number | null;
  last_at: number | null;
  zone_min: number;
  zone_max: number;
  archived: DayNumber[];
}

/** Reads the streams of a batch and makes those that are missing. In order of stream numbers. */
export async function openStreams(
  sql: Sql,
  user: UserRef,
  groups: readonly RowsOf<StreamIdentity>[],
): Promise<RowsOf<OpenStream>[]> {
  const records = await sql.query<StreamRecord>(OPEN_STREAMS, [
    user.key,
    groups.map(({ stream }) => stream.sourceId),
    arrayText(groups, ({ stream }) => stream.series.id),
    arrayText(groups, ({ stream }) => stream.isDailyTotal),
    arrayText(groups, ({ rows }) => rows.reduce((first, row) => Math.min(first, row.localDay), Infinity)),
    arrayText(groups, ({ rows }) => rows.reduce((last, row) => Math.max(last, row.localDay), -Infinity)),
  ]);
  return records
    .sort((a, b) => a.id - b.id)
    .map((record) => ({ rows: groups[record.slot - 1]!.rows, stream: openStream(record, groups[record.slot - 1]!) }));
}

const openStream = (record: StreamRecord, { stream }: RowsOf<StreamIdentity>): OpenStream => ({
  ...stream,
  id: record.id,
  firstAt: record.first_at,
  lastAt: record.last_at,
  zoneMin: record.zone_min,
  zoneMax: record.zone_max,
  archivedDays: new Set(record.archived),
});

const OPEN_STREAMS = `
  WITH wanted AS (
    SELECT * FROM unnest($2::uuid[], $3::smallint[], $4::boolean[], $5::integer[], $6::integer[]) WITH ORDINALITY
      AS w (source_id, series_type, is_daily_total, first_day, last_day, slot)
  ), present AS (
    SELECT w.*, s.id, s.first_at, s.last_at, s.zone_min, s.zone_max
    FROM wanted w JOIN stream s ON s.user_key = $1 AND s.source_id = w.source_id
      AND s.series_type = w.series_type AND s.is_daily_total = w.is_daily_total
  ), made AS (
    INSERT INTO stream (user_key, source_id, series_type, is_daily_total)
    SELECT $1, source_id, series_type, is_daily_total FROM wanted w
    WHERE NOT EXISTS (SELECT FROM present p WHERE p.slot = w.slot)
    -- Changes nothing, but returns the stream that somebody else has just made.
    ON CONFLICT (user_key, source_id, series_type, is_daily_total) DO UPDATE SET series_type = excluded.series_type
    RETURNING id, source_id, series_type, is_daily_total, first_at, last_at, zone_min, zone_max
  ), opened AS (
    SELECT slot, id, first_at, last_at, zone_min, zone_max, first_day, last_day FROM present
    UNION ALL
    SELECT w.slot, m.id, m.first_at, m.last_at, m.zone_min, m.zone_max, w.first_day, w.last_day
    FROM made m JOIN wanted w USING (source_id, series_type, is_daily_total)
  )
  SELECT o.slot::integer, o.id, o.zone_min, o.zone_max,
    (extract(epoch FROM o.first_at) * 1000000)::bigint AS first_at,
    (extract(epoch FROM o.last_at) * 1000000)::bigint AS last_at,
    ARRAY(
      SELECT r.local_date - date '1970-01-01' FROM rollup r
      WHERE r.user_key = $1 AND r.stream_id = o.id AND r.archived
        AND r.local_date BETWEEN date '1970-01-01' + o.first_day AND date '1970-01-01' + o.last_day
    ) AS archived
  FROM opened o`;
