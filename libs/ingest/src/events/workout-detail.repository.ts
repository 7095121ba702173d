import { plannedOnce, type Sql, type UserRef } from '#libs/database';
import { formatInstant, type RoutePointInput, type WorkoutDetailInput } from '#libs/model';
import { jsonText } from './json-text.js';
import { NUMERIC_COLUMNS } from './workout-detail.js';

export interface WorkoutDetailRow {
  readonly eventId: string;
  /** By column name. */
  readonly numbers: Readonly<Record<string, number | null>>;
  /** Columns whose stored numbers are better. */
  readonly estimates: readonly string[];
  readonly detail: WorkoutDetailInput;
}

const NUMBERS = NUMERIC_COLUMNS.map(({ column }) => column);
const of = (table: string, columns: readonly string[]): string => columns.map((name) => `${table}.${name}`).join(', ');

/** Laps and zones come with some deliveries only (a file after its summary): one without them leaves them alone. */
const JSON_COLUMNS = ['segments', 'hr_zones', 'power_zones'];
const KEPT_JSON = JSON_COLUMNS.map((name) => `coalesce(excluded.${name}, w.${name})`).join(', ');

const GIVEN_NUMBERS = NUMERIC_COLUMNS.map(({ column, decimals }) => {
  const given = `round(n.${column}, ${decimals})`;
  return `CASE WHEN d.estimates ? '${column}' THEN coalesce(s.${column}, ${given}) ELSE ${given} END`;
}).join(', ');

const UPSERT_DETAILS = plannedOnce(`
  INSERT INTO workout_detail AS w (user_key, event_id, ${NUMBERS.join(', ')}, ${JSON_COLUMNS.join(', ')})
  SELECT $1, d.event_id, ${GIVEN_NUMBERS}, ${of('d', JSON_COLUMNS)}
  FROM unnest($2::uuid[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::jsonb[], $7::jsonb[])
    AS d (event_id, numbers, estimates, ${JSON_COLUMNS.join(', ')})
  CROSS JOIN LATERAL jsonb_to_record(d.numbers) AS n (${NUMBERS.map((name) => `${name} numeric`).join(', ')})
  LEFT JOIN workout_detail s ON s.user_key = $1 AND s.event_id = d.event_id
  ON CONFLICT (user_key, event_id) DO UPDATE
    SET (${NUMBERS.join(', ')}, ${JSON_COLUMNS.join(', ')}) = ROW (${of('excluded', NUMBERS)}, ${KEPT_JSON})
  WHERE (${of('w', NUMBERS)}, ${of('w', JSON_COLUMNS)}) IS DISTINCT FROM (${of('excluded', NUMBERS)}, ${KEPT_JSON})
  RETURNING event_id`);

/** Inserts details or replaces those that differ; answers the events whose details are other than before. */
export async function upsertWorkoutDetails(
  sql: Sql,
  user: UserRef,
  rows: readonly WorkoutDetailRow[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const changed = await sql.query<{ event_id: string }>(UPSERT_DETAILS, [
    user.key,
    rows.map((row) => row.eventId),
    rows.map((row) => JSON.stringify(row.numbers)),
    rows.map((row) => JSON.stringify(row.estimates)),
    rows.map(({ detail }) => jsonText(detail.segments)),
    rows.map(({ detail }) => jsonText(detail.hrZones)),
    rows.map(({ detail }) => jsonText(detail.powerZones)),
  ]);
  return new Set(changed.map((row) => row.event_id));
}

/** Stores routes and samples where a delivery has them; a part that is missing leaves the stored one alone. */
export async function upsertWorkoutTracks(
  sql: Sql,
  user: UserRef,
  rows: readonly WorkoutDetailRow[],
): Promise<ReadonlySet<string>> {
  const tracks = rows.filter(({ detail }) => detail.route !== null || detail.samples !== null);
  if (tracks.length === 0) return new Set();
  const changed = await sql.query<{ event_id: string }>(
    `INSERT INTO workout_track AS t (user_key, event_id, route, samples)
     SELECT $1, r.* FROM unnest($2::uuid[], $3::jsonb[], $4::jsonb[]) AS r
     ON CONFLICT (user_key, event_id) DO UPDATE
       SET route = coalesce(excluded.route, t.route), samples = coalesce(excluded.samples, t.samples)
     WHERE (t.route, t.samples)
       IS DISTINCT FROM (coalesce(excluded.route, t.route), coalesce(excluded.samples, t.samples))
     RETURNING event_id`,
    [
      user.key,
      tracks.map((row) => row.eventId),
      tracks.map(({ detail }) => jsonText(detail.route?.map(routePoint))),
      tracks.map(({ detail }) => jsonText(detail.samples)),
    ],
  );
  return new Set(changed.map((row) => row.event_id));
}

/** A track point as stored and shown: wire names, wire times. */
const routePoint = (point: RoutePointInput): Record<string, string | number | null> => ({
  time: point.at === null ? null : formatInstant(point.at),
  latitude: point.latitude,
  longitude: point.longitude,
  altitude_meters: point.altitudeMeters,
  horizontal_accuracy_meters: point.horizontalAccuracyMeters,
});
