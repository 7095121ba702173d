import type { Sql } from '#libs/database';
import { formatInstant, type ZoneOffsetMinutes } from '#libs/model';
import type { KeysetCursor } from '../paging/cursor.js';
import type { SourceColumns } from '../source/source-view.js';
import type { QueryRange } from '../query-range.js';
import { SqlParameters } from '../sql-parameters.js';

export type EventCategory = 'workout' | 'sleep' | 'menstrual_cycle';

/** What the list of one category reads beside the event itself, as SQL over `e` (event) and `u` (its user). */
export interface EventShape {
  readonly category: EventCategory;
  readonly columns: string;
  readonly joins: string;
}

/** The columns every event row has. */
export interface EventColumns extends SourceColumns {
  id: string;
  type: string | null;
  started_at: string;
  ended_at: string;
  zone_offset: ZoneOffsetMinutes | null;
  duration_seconds: number | null;
}

export interface EventScan {
  readonly userId: string;
  readonly range: QueryRange;
  /** True: an event must end before the range does; false: it only has to start in it. */
  readonly mustEndWithin: boolean;
  readonly cursor: KeysetCursor | null;
  readonly wanted: number;
  /** Further conditions on `e`, given the conditions of category and range. */
  readonly narrow?: ((parameters: SqlParameters, matching: string) => string) | undefined;
}

export interface EventRows<T> {
  /** Nearest to the cursor first. */
  readonly rows: T[];
  /** All that match, wherever the cursor stands. */
  readonly total: number;
}

const EVENT_COLUMNS = `e.id, e.type, e.started_at, e.ended_at, e.zone_offset, e.duration_seconds,
    d.provider, d.source, d.device_model, d.device_type`;

/** One page of a category and the exact number of matching events. */
export async function scanEvents<T extends EventColumns>(
  sql: Sql,
  shape: EventShape,
  scan: EventScan,
): Promise<EventRows<T>> {
  const [rows, counted] = await Promise.all([pageOf<T>(sql, shape, scan), countOf(sql, shape, scan)]);
  return { rows, total: counted };
}

/** One event of the user, or null when there is none of that category and id. */
export async function findEvent<T extends EventColumns>(
  sql: Sql,
  { category, columns, joins }: EventShape,
  userId: string,
  eventId: string,
): Promise<T | null> {
  const rows = await sql.query<T>(
    `SELECT ${EVENT_COLUMNS}, ${columns}
     FROM event e
     JOIN data_source d ON d.id = e.source_id
     ${joins}
     WHERE e.user_key = (SELECT key FROM users WHERE id = $1) AND e.id = $2 AND e.category = $3`,
    [userId, eventId, category],
  );
  return rows[0] ?? null;
}

async function pageOf<T extends EventColumns>(sql: Sql, shape: EventShape, scan: EventScan): Promise<T[]> {
  const parameters = new SqlParameters();
  const conditions = [matching(parameters, shape, scan)];
  const { cursor } = scan;
  if (cursor) {
    const place = `(${parameters.add(formatInstant(cursor.at))}::timestamptz, ${parameters.add(cursor.id)}::uuid)`;
    conditions.push(`(e.started_at, e.id) ${cursor.isBackward ? '>' : '<'} ${place}`);
  }
  const direction = cursor?.isBackward ? 'ASC' : 'DESC';
  const text = `
    SELECT ${EVENT_COLUMNS}, ${shape.columns}
    FROM event e
    JOIN data_source d ON d.id = e.source_id
    ${shape.joins}
    WHERE ${conditions.join(' AND ')}
    ORDER BY e.started_at ${direction}, e.id ${direction}
    LIMIT ${parameters.add(scan.wanted)}`;
  return sql.query<T>(text, parameters.values);
}

async function countOf(sql: Sql, shape: EventShape, scan: EventScan): Promise<number> {
  const parameters = new SqlParameters();
  const text = `SELECT count(*) AS total FROM event e WHERE ${matching(parameters, shape, scan)}`;
  const [row] = await sql.query<{ total: number }>(text, parameters.values);
  return row?.total ?? 0;
}

function matching(parameters: SqlParameters, { category }: EventShape, scan: EventScan): string {
  const end = parameters.add(formatInstant(scan.range.end.instant));
  const conditions = [
    `e.user_key = (SELECT key FROM users WHERE id = ${parameters.add(scan.userId)})`,
    `e.category = ${parameters.add(category)}`,
    `e.started_at >= ${parameters.add(formatInstant(scan.range.start.instant))}`,
    `e.started_at < ${end}`,
    ...(scan.mustEndWithin ? [`e.ended_at < ${end}`] : []),
  ];
  const base = conditions.join(' AND ');
  return scan.narrow ? `${base} AND ${scan.narrow(parameters, base)}` : base;
}
