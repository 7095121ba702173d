import type { Sql } from '#libs/database';
import { storedPoints, type OutboxRow } from './outbox-row.js';

/** A point of one of the rows, with what a sample says beside its value. */
export interface AnnouncedPoint {
  readonly recordedAt: string;
  readonly value: number;
  readonly zoneOffset: number | null;
  readonly isDailyTotal: boolean;
  readonly device: string | null;
}

interface PointRecord {
  row: number;
  recorded_at: string;
  value: number;
  zone_offset: number | null;
  is_daily_total: boolean;
  device_model: string | null;
}

interface Range {
  readonly row: number;
  readonly user_key: number;
  readonly stream_id: number;
  readonly source_id: string;
  readonly is_daily_total: boolean;
  readonly from_at: string;
  readonly to_at: string;
}

/** The points that rows of kind `points.stored` are about, as they are stored now, by row id and in order of time. */
export async function readPoints(
  sql: Sql,
  rows: readonly OutboxRow[],
): Promise<ReadonlyMap<number, readonly AnnouncedPoint[]>> {
  const whole: Range[] = [];
  const listed: (Range & { at: number })[] = [];
  for (const row of rows) {
    for (const stream of storedPoints(row).streams) {
      const range: Range = {
        row: row.id,
        user_key: row.userKey,
        stream_id: stream.id,
        source_id: stream.source_id,
        is_daily_total: stream.is_daily_total,
        from_at: stream.from,
        to_at: stream.to,
      };
      if (stream.times === null) whole.push(range);
      else for (const at of stream.times) listed.push({ ...range, at });
    }
  }
  const found = [...(await readRanges(sql, whole)), ...(await readTimes(sql, listed))];
  const byRow = new Map<number, AnnouncedPoint[]>();
  for (const record of found) {
    const points = byRow.get(record.row) ?? [];
    if (points.length === 0) byRow.set(record.row, points);
    points.push({
      recordedAt: record.recorded_at,
      value: record.value,
      zoneOffset: record.zone_offset,
      isDailyTotal: record.is_daily_total,
      device: record.device_model,
    });
  }
  for (const points of byRow.values()) points.sort((a, b) => sortable(a) - sortable(b));
  return byRow;
}

const COLUMNS = 'r.row, p.recorded_at, p.value, p.zone_offset, r.is_daily_total, d.device_model';
const DEVICE = 'LEFT JOIN data_source d ON d.user_key = r.user_key AND d.id = r.source_id';

async function readRanges(sql: Sql, ranges: readonly Range[]): Promise<PointRecord[]> {
  if (ranges.length === 0) return [];
  return sql.query<PointRecord & Record<string, unknown>>(
    `SELECT ${COLUMNS}
     FROM jsonb_to_recordset($1) AS r (row bigint, user_key integer, stream_id integer, source_id uuid,
       is_daily_total boolean, from_at timestamptz, to_at timestamptz)
     ${DEVICE}
     CROSS JOIN LATERAL (
       SELECT recorded_at, value, zone_offset FROM point
       WHERE user_key = r.user_key AND stream_id = r.stream_id AND recorded_at BETWEEN r.from_at AND r.to_at
       OFFSET 0
     ) p`,
    [JSON.stringify(ranges)],
  );
}

async function readTimes(sql: Sql, times: readonly (Range & { at: number })[]): Promise<PointRecord[]> {
  if (times.length === 0) return [];
  return sql.query<PointRecord & Record<string, unknown>>(
    `SELECT ${COLUMNS}
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::uuid[], $5::boolean[], $6::bigint[])
       AS r (row, user_key, stream_id, source_id, is_daily_total, at)
     ${DEVICE}
     CROSS JOIN LATERAL (
       SELECT recorded_at, value, zone_offset FROM point
       WHERE user_key = r.user_key AND stream_id = r.stream_id
         AND recorded_at = 'epoch'::timestamptz + r.at * interval '1 microsecond'
       OFFSET 0
     ) p`,
    [
      times.map(({ row }) => row),
      times.map(({ user_key }) => user_key),
      times.map(({ stream_id }) => stream_id),
      times.map(({ source_id }) => source_id),
      times.map(({ is_daily_total }) => is_daily_total),
      times.map(({ at }) => at),
    ],
  );
}

/** Milliseconds and their fraction: exact enough to order, and never later than a later instant. */
function sortable({ recordedAt }: AnnouncedPoint): number {
  const fraction = /\.\d{3}(\d{3})Z$/.exec(recordedAt)?.[1] ?? '0';
  return Date.parse(recordedAt) + Number(fraction) / 1000;
}
