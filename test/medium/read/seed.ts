import { randomUUID } from 'node:crypto';
import type { Sql } from '#libs/database';
import { seriesTypeByCode } from '#libs/model';

/** Rows as the write path leaves them, put in place directly so that a test can say exactly what is stored. */
export interface SourceSeed {
  id?: string;
  provider?: string;
  source?: string | null;
  deviceModel?: string | null;
  deviceType?: string | null;
  softwareVersion?: string | null;
  originalSourceName?: string | null;
  connectionId?: string | null;
}

export async function seedSource(db: Sql, userKey: number, seed: SourceSeed = {}): Promise<string> {
  const id = seed.id ?? randomUUID();
  await db.query(
    `INSERT INTO data_source (id, user_key, provider, source, device_model, device_type, software_version,
                              original_source_name, connection_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      userKey,
      seed.provider ?? 'garmin',
      seed.source ?? null,
      seed.deviceModel ?? null,
      seed.deviceType ?? null,
      seed.softwareVersion ?? null,
      seed.originalSourceName ?? null,
      seed.connectionId ?? null,
    ],
  );
  return id;
}

export interface PointSeed {
  at: string;
  value: number;
  zone?: number | null;
}

/** Adds points to one stream and brings its counters up to date. Returns the stream id. */
export async function seedPoints(
  db: Sql,
  userKey: number,
  sourceId: string,
  series: string,
  points: readonly PointSeed[],
  isDailyTotal = false,
): Promise<number> {
  await seedPartitions(
    db,
    points.map((point) => point.at),
  );
  const [stream] = await db.query<{ id: number }>(
    `INSERT INTO stream (user_key, source_id, series_type, is_daily_total) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_key, source_id, series_type, is_daily_total) DO UPDATE SET series_type = excluded.series_type
     RETURNING id`,
    [userKey, sourceId, seriesTypeByCode(series)!.id, isDailyTotal],
  );
  await db.query(
    `INSERT INTO point (user_key, stream_id, recorded_at, value, zone_offset)
     SELECT $1, $2, p.* FROM unnest($3::timestamptz[], $4::float8[], $5::smallint[]) p`,
    [
      userKey,
      stream!.id,
      points.map((point) => point.at),
      points.map((point) => point.value),
      points.map((point) => point.zone ?? null),
    ],
  );
  await refreshCounters(db, userKey);
  return stream!.id;
}

/** Counters of all streams of a user, or of all users, out of their points. */
export async function refreshCounters(db: Sql, userKey: number | null): Promise<void> {
  await db.query(
    `UPDATE stream s SET point_count = p.points, first_at = p.first_at, last_at = p.last_at
     FROM (SELECT user_key, stream_id, count(*) AS points, min(recorded_at) AS first_at, max(recorded_at) AS last_at
           FROM point WHERE $1::int IS NULL OR user_key = $1 GROUP BY 1, 2) p
     WHERE s.user_key = p.user_key AND s.id = p.stream_id`,
    [userKey],
  );
  await db.query('DELETE FROM stream_day WHERE $1::int IS NULL OR user_key = $1', [userKey]);
  await db.query(
    `INSERT INTO stream_day (user_key, stream_id, day, point_count)
     SELECT user_key, stream_id, (recorded_at AT TIME ZONE 'UTC')::date, count(*)
     FROM point WHERE $1::int IS NULL OR user_key = $1 GROUP BY 1, 2, 3`,
    [userKey],
  );
}

/** Monthly partitions for these instants. */
export async function seedPartitions(db: Sql, instants: readonly string[]): Promise<void> {
  for (const month of new Set(instants.map((at) => new Date(at).toISOString().slice(0, 7)))) {
    const [year, number] = month.split('-').map(Number);
    const next = new Date(Date.UTC(year!, number, 1)).toISOString().slice(0, 10);
    await db.query(
      `CREATE TABLE IF NOT EXISTS point_${month.replace('-', '_')} PARTITION OF point
       FOR VALUES FROM ('${month}-01Z') TO ('${next}Z')`,
    );
  }
}

export interface EventSeed {
  id?: string;
  category: 'workout' | 'sleep' | 'menstrual_cycle' | 'activity';
  type?: string | null;
  startedAt: string;
  endedAt: string;
  zoneOffset?: number | null;
  durationSeconds?: number | null;
  localDate?: string;
}

export async function seedEvent(db: Sql, userKey: number, sourceId: string, seed: EventSeed): Promise<string> {
  const id = seed.id ?? randomUUID();
  await db.query(
    `INSERT INTO event (user_key, id, source_id, category, type, external_id, source_name, started_at, ended_at,
                        zone_offset, duration_seconds, local_date)
     VALUES ($1, $2::uuid, $3, $4, $5, $2::text, 'test', $6, $7, $8::int, $9,
             coalesce($10::date, ($7::timestamptz AT TIME ZONE 'UTC' + coalesce($8::int, 0) * interval '1 minute')::date))`,
    [
      userKey,
      id,
      sourceId,
      seed.category,
      seed.type ?? null,
      seed.startedAt,
      seed.endedAt,
      seed.zoneOffset ?? null,
      seed.durationSeconds ?? null,
      seed.localDate ?? null,
    ],
  );
  return id;
}

/** A row of one of the detail tables; `columns` by their database names. */
export async function seedDetail(
  db: Sql,
  table: 'workout_detail' | 'workout_track' | 'sleep_detail' | 'menstrual_cycle_detail' | 'event_vital',
  userKey: number,
  eventId: string,
  columns: Record<string, unknown>,
): Promise<void> {
  const names = Object.keys(columns);
  const values = Object.values(columns).map((value) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  );
  await db.query(
    `INSERT INTO ${table} (${['user_key', 'event_id', ...names].join(', ')})
     VALUES (${['user_key', 'event_id', ...names].map((_, index) => `$${index + 1}`).join(', ')})`,
    [userKey, eventId, ...values],
  );
}
