import type { Sql, UserRef } from '#libs/database';
import type { OpenStream, RowsOf } from './point-row.js';
import { arrayText, columnText } from './sql-arrays.js';

export interface UpsertOutcome {
  /** Places (from 0) in the rows of all groups, one group after the other. */
  readonly inserted: readonly number[];
  readonly updated: readonly number[];
  /** Zone offsets that the updated rows had before, in their order. */
  readonly oldZones: readonly (number | null)[];
}

const instant = (column: string): string => `'epoch'::timestamptz + ${column} * interval '1 microsecond'`;

const GIVEN = `
  SELECT place, stream_id, ${instant('recorded_at')} AS recorded_at, value,
    ${instant('ended_at')} AS ended_at, origin, zone_offset
  FROM unnest($2::integer[], $3::bigint[], $4::float8[], $5::bigint[], $6::integer[], $7::smallint[]) WITH ORDINALITY
    AS given (stream_id, recorded_at, value, ended_at, origin, zone_offset, place)`;

const COLUMNS = 'user_key, stream_id, recorded_at, value, ended_at, origin, zone_offset';
const INSERT_GIVEN = `
  INSERT INTO point (${COLUMNS})
  SELECT $1, stream_id, recorded_at, value, ended_at, origin, zone_offset FROM (${GIVEN}) AS given`;

/** Inserts rows that cannot be stored yet, because they lie outside their streams' bounds: half the cost of an upsert. */
export async function insertNew(sql: Sql, user: UserRef, groups: readonly RowsOf<OpenStream>[]): Promise<void> {
  await sql.query(INSERT_GIVEN, [user.key, ...columnsOf(groups)]);
}

/**
 * Inserts or changes rows. Rows that are stored already in the same form are neither written nor locked. Of two
 * different samples of a summed series with equal start the one with the later end stays. A row without a zone offset
 * keeps the stored one.
 */
export async function upsert(sql: Sql, user: UserRef, groups: readonly RowsOf<OpenStream>[]): Promise<UpsertOutcome> {
  const [outcome] = await sql.query<{ inserted: number[]; updated: number[]; old_zones: (number | null)[] }>(UPSERT, [
    user.key,
    ...columnsOf(groups),
    groups.filter(({ stream }) => stream.series.aggregation === 'sum').map(({ stream }) => stream.id),
  ]);
  return { inserted: outcome!.inserted, updated: outcome!.updated, oldZones: outcome!.old_zones };
}

function columnsOf(groups: readonly RowsOf<OpenStream>[]): string[] {
  const rows = groups.flatMap((group) => group.rows);
  return [
    `{${groups
      .map((group) => `${group.stream.id},`.repeat(group.rows.length))
      .join('')
      .slice(0, -1)}}`,
    arrayText(rows, (row) => row.recordedAt),
    arrayText(rows, (row) => row.value),
    columnText(rows, (row) => row.endedAt),
    columnText(rows, (row) => row.originHash),
    columnText(rows, (row) => row.zoneOffset),
  ];
}

/** A sample that comes without its id, as files have it, is the stored one of the same length. */
const KEPT_ORIGIN =
  'CASE WHEN p.ended_at IS NOT DISTINCT FROM g.ended_at THEN coalesce(g.origin, p.origin) ELSE g.origin END';

/** Where somebody was is not unlearned: a delivery that does not know leaves the stored offset. */
const KEPT_ZONE = 'coalesce(g.zone_offset, p.zone_offset)';

const UPSERT = `
  WITH given AS MATERIALIZED (${GIVEN}
  ), changed AS MATERIALIZED (
    SELECT g.place, g.stream_id, g.recorded_at, g.value, g.ended_at, ${KEPT_ORIGIN} AS origin,
      ${KEPT_ZONE} AS zone_offset, p.stream_id IS NOT NULL AS is_stored, p.zone_offset AS old_zone
    FROM given g LEFT JOIN LATERAL (
      SELECT * FROM point p
      WHERE p.user_key = $1 AND p.stream_id = g.stream_id AND p.recorded_at = g.recorded_at OFFSET 0
    ) p ON true
    WHERE p.stream_id IS NULL OR (
      (p.value, p.ended_at, p.origin, p.zone_offset) IS DISTINCT FROM
        (g.value, g.ended_at, ${KEPT_ORIGIN}, ${KEPT_ZONE})
      AND (g.stream_id <> ALL ($8::integer[]) OR p.origin IS NOT DISTINCT FROM g.origin
        OR coalesce(g.ended_at, g.recorded_at) >= coalesce(p.ended_at, p.recorded_at))
    )
  ), written AS (
    INSERT INTO point AS p (${COLUMNS})
    SELECT $1, stream_id, recorded_at, value, ended_at, origin, zone_offset FROM changed
    ON CONFLICT (user_key, stream_id, recorded_at) DO UPDATE
    SET value = excluded.value, ended_at = excluded.ended_at, origin = excluded.origin,
      zone_offset = excluded.zone_offset
  )
  SELECT coalesce(array_agg(place - 1) FILTER (WHERE NOT is_stored), '{}')::integer[] AS inserted,
    coalesce(array_agg(place - 1) FILTER (WHERE is_stored), '{}')::integer[] AS updated,
    coalesce(array_agg(old_zone) FILTER (WHERE is_stored), '{}')::smallint[] AS old_zones
  FROM changed`;
