import type { Sql } from '#libs/database';

interface User {
  id: string;
  key: number;
}

const STREAM_NAME = `concat_ws('/', d.device_model, s.series_type, s.is_daily_total)`;
const OF_USER = `JOIN stream s ON s.user_key = x.user_key AND s.id = x.stream_id
  JOIN data_source d ON d.id = s.source_id WHERE x.user_key = $1`;

/** What a user's points and everything derived from them say, streams by name. Zone bounds depend on history. */
export async function stateOf(sql: Sql, user: User): Promise<Record<string, unknown[]>> {
  const read = (text: string): Promise<unknown[]> => sql.query(text, [user.key]);
  return {
    points: await read(
      `SELECT ${STREAM_NAME} AS stream, x.recorded_at, x.value, x.ended_at, x.origin, x.zone_offset
       FROM point x ${OF_USER} ORDER BY 1, 2`,
    ),
    rollups: await read(
      `SELECT ${STREAM_NAME} AS stream, x.local_date, x.point_count, x.sum_value, x.min_value, x.max_value,
         x.first_value, x.first_at, x.last_value, x.last_at, x.minute_levels, x.minute_counts, x.archived
       FROM rollup x ${OF_USER} ORDER BY 1, 2`,
    ),
    days: await read(
      `SELECT ${STREAM_NAME} AS stream, x.day, x.point_count FROM stream_day x ${OF_USER} ORDER BY 1, 2`,
    ),
    streams: await read(
      `SELECT ${STREAM_NAME} AS stream, s.point_count, s.first_at, s.last_at FROM stream s
       JOIN data_source d ON d.id = s.source_id WHERE s.user_key = $1 AND s.point_count > 0 ORDER BY 1`,
    ),
  };
}

/** The rollups of one series as one line per date: `2026-03-29 count=2 sum=130`. */
export async function rollupLines(sql: Sql, user: User, seriesType: number, isDailyTotal = false): Promise<string[]> {
  const rows = await sql.query<{ local_date: string; point_count: number; sum_value: number }>(
    `SELECT x.local_date, x.point_count, x.sum_value FROM rollup x ${OF_USER}
       AND s.series_type = $2 AND s.is_daily_total = $3 ORDER BY x.local_date, s.id`,
    [user.key, seriesType, isDailyTotal],
  );
  return rows.map((row) => `${row.local_date} count=${row.point_count} sum=${row.sum_value}`);
}
