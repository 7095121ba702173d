import { randomUUID } from 'node:crypto';
import type { Database, UserRef } from '#libs/database';
import { seriesTypeByCode } from '#libs/model';
import { seedNights } from './read-seed-nights.js';

/** One stream of the seed: a sample every `everySeconds`, in all of the months. */
interface StreamPlan {
  readonly source: number;
  readonly series: string;
  readonly everySeconds: number;
  readonly isDailyTotal: boolean;
}

export interface ReadSeed {
  readonly heavy: UserRef;
  readonly heavyPoints: number;
  readonly points: number;
  readonly users: number;
}

export const SEED_START = '2021-01-01T00:00:00Z';
export const SEED_END = '2026-01-01T00:00:00Z';
export const SEED_MONTHS = 60;
const DAY_SECONDS = 86_400;

const SOURCES = [
  ['apple', 'Watch6,1', 'watch'],
  ['oura', 'Ring 4', 'ring'],
  ['garmin', 'Index S2', 'scale'],
] as const;

const every = (source: number, everySeconds: number, ...series: string[]): StreamPlan[] =>
  series.map((code) => ({ source, series: code, everySeconds, isDailyTotal: false }));

const daily = (source: number, ...series: string[]): StreamPlan[] =>
  every(source, DAY_SECONDS, ...series).map((plan) => ({ ...plan, isDailyTotal: true }));

/** 30 streams and a million points a year: somebody with a watch, a ring and a scale. */
const HEAVY: readonly StreamPlan[] = [
  ...every(0, 60, 'heart_rate'),
  ...every(0, 300, 'steps', 'energy', 'distance_walking_running'),
  ...every(0, 900, 'respiratory_rate', 'oxygen_saturation'),
  ...every(0, 3600, 'heart_rate_variability_sdnn', 'flights_climbed', 'basal_energy'),
  ...every(0, DAY_SECONDS, 'resting_heart_rate', 'vo2_max', 'walking_heart_rate_average'),
  ...daily(0, 'steps', 'energy', 'active_time'),
  ...every(1, 900, 'heart_rate'),
  ...every(1, 3600, 'skin_temperature', 'oxygen_saturation', 'respiratory_rate', 'heart_rate_variability_rmssd'),
  ...daily(1, 'steps', 'energy', 'active_time'),
  ...every(2, 7 * DAY_SECONDS, 'weight', 'height', 'body_fat_percentage', 'body_mass_index', 'lean_body_mass'),
  ...every(2, 30 * DAY_SECONDS, 'blood_pressure_systolic', 'blood_pressure_diastolic'),
];

/** 200 thousand points a year. */
const LIGHT: readonly StreamPlan[] = [
  ...every(0, 300, 'heart_rate'),
  ...every(0, 900, 'steps', 'energy'),
  ...every(0, 3600, 'respiratory_rate', 'oxygen_saturation'),
  ...daily(0, 'steps'),
];

/**
 * The data of the read bench, made in an empty, migrated database or found there: one user with five million points
 * over five years, `lightUsers` with one million each, counters and rollups of all of them.
 */
export async function readSeed(
  db: Database,
  lightUsers: number,
  note: (line: string) => void,
  months = SEED_MONTHS,
): Promise<ReadSeed> {
  const [made] = await db.query<{ is_made: boolean }>(`SELECT to_regclass('read_seed_done') IS NOT NULL AS is_made`);
  if (!made?.is_made) await makeSeed(db, lightUsers, note, months);
  const [seed] = await db.query<{ id: string; key: number; heavy: number; points: number; users: number }>(`
    SELECT u.id, u.key, h.heavy, t.points, t.users
    FROM (SELECT user_key, sum(point_count) AS heavy FROM stream GROUP BY 1 ORDER BY 2 DESC LIMIT 1) h
    JOIN users u ON u.key = h.user_key
    CROSS JOIN (SELECT sum(point_count) AS points, count(DISTINCT user_key) AS users FROM stream) t`);
  const { id, key, heavy, points, users } = seed!;
  return { heavy: { id, key }, heavyPoints: heavy, points, users };
}

async function makeSeed(db: Database, lightUsers: number, note: (line: string) => void, months: number): Promise<void> {
  await createPartitions(db);
  await db.query('CREATE TABLE read_seed (user_key integer, stream_id integer, kind text, every interval)');
  await seedUser(db, HEAVY);
  for (let n = 0; n < lightUsers; n++) await seedUser(db, LIGHT);
  for (let month = 0; month < months; month++) {
    const started = performance.now();
    await fillMonth(db, startOf(month), startOf(month + 1));
    note(`month ${month + 1} of ${months}: ${Math.round(performance.now() - started)} ms`);
  }
  await db.query(COUNTERS_SQL);
  await seedNights(db, SEED_START, startOf(months));
  await db.query('VACUUM ANALYZE');
  await db.query('CREATE TABLE read_seed_done ()');
}

/** Years without data as well: an old installation has over a hundred partitions. */
async function createPartitions(db: Database): Promise<void> {
  for (let month = -30; month < SEED_MONTHS + 30; month++) {
    const from = startOf(month);
    const name = `point_${from.slice(0, 7).replace('-', '_')}`;
    await db.query(`CREATE TABLE ${name} PARTITION OF point FOR VALUES FROM ('${from}') TO ('${startOf(month + 1)}')`);
  }
}

/** Start of the month that many months after the seed's first. */
export const startOf = (month: number): string => new Date(Date.UTC(2021, month, 1)).toISOString();

async function seedUser(db: Database, plans: readonly StreamPlan[]): Promise<void> {
  const [user] = await db.query<UserRef>('INSERT INTO users (id) VALUES ($1) RETURNING id, key', [randomUUID()]);
  const sourceIds = SOURCES.map(() => randomUUID());
  await db.query(
    `INSERT INTO data_source (id, user_key, provider, source, device_model, device_type)
     SELECT s.id, $1, s.provider, s.provider, s.model, s.type
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS s (id, provider, model, type)`,
    [user!.key, sourceIds, ...[0, 1, 2].map((column) => SOURCES.map((source) => source[column]!))],
  );
  await db.query(
    `WITH plan AS (
       SELECT * FROM unnest($2::uuid[], $3::int[], $4::boolean[], $5::int[]) AS p (source_id, series, is_total, seconds)
     ), made AS (
       INSERT INTO stream (user_key, source_id, series_type, is_daily_total)
       SELECT $1, source_id, series, is_total FROM plan
       RETURNING id, source_id, series_type, is_daily_total
     )
     INSERT INTO read_seed (user_key, stream_id, kind, every)
     SELECT $1, m.id,
            CASE WHEN p.is_total THEN NULL WHEN p.series = $6 THEN 'heart_rate' WHEN p.series = $7 THEN 'steps' END,
            p.seconds * interval '1 second'
     FROM made m
     JOIN plan p ON (p.source_id, p.series, p.is_total) = (m.source_id, m.series_type, m.is_daily_total)`,
    [
      user!.key,
      plans.map((plan) => sourceIds[plan.source]),
      plans.map((plan) => seriesTypeByCode(plan.series)!.id),
      plans.map((plan) => plan.isDailyTotal),
      plans.map((plan) => plan.everySeconds),
      seriesTypeByCode('heart_rate')!.id,
      seriesTypeByCode('steps')!.id,
    ],
  );
}

/** Points as syncs bring them: day by day, user by user. */
const POINTS_SQL = `
  INSERT INTO point (user_key, stream_id, recorded_at, value)
  SELECT p.user_key, p.stream_id, p.recorded_at, 60 + (extract(epoch FROM p.recorded_at)::bigint / 60 * 7919) % 97
  FROM (
    SELECT s.user_key, s.stream_id, generate_series(
      date_bin(s.every, $1::timestamptz + s.every - interval '1 microsecond', '${SEED_START}'::timestamptz),
      $2::timestamptz - interval '1 microsecond', s.every) AS recorded_at
    FROM read_seed s
  ) p
  ORDER BY p.recorded_at::date, p.user_key, p.stream_id, p.recorded_at`;

const ROLLUPS_SQL = `
  WITH days AS (
    SELECT user_key, stream_id, recorded_at::date AS local_date, count(*) AS points, sum(value::numeric) AS total,
           min(value) AS least, max(value) AS greatest, min(recorded_at) AS first_at, max(recorded_at) AS last_at,
           (array_agg(value ORDER BY recorded_at))[1] AS first_value,
           (array_agg(value ORDER BY recorded_at))[count(*)] AS last_value,
           count(*) FILTER (WHERE value >= 30) AS active
    FROM point WHERE recorded_at >= $1 AND recorded_at < $2
    GROUP BY 1, 2, 3
  ), pulses AS (
    SELECT user_key, stream_id, local_date, jsonb_object_agg(2 * value, minutes) AS minutes
    FROM (
      SELECT p.user_key, p.stream_id, p.recorded_at::date AS local_date, p.value::int AS value, count(*) AS minutes
      FROM point p
      JOIN read_seed s ON s.user_key = p.user_key AND s.stream_id = p.stream_id AND s.kind = 'heart_rate'
      WHERE p.recorded_at >= $1 AND p.recorded_at < $2
      GROUP BY 1, 2, 3, 4
    ) v
    GROUP BY 1, 2, 3
  )
  INSERT INTO rollup (user_key, stream_id, local_date, point_count, sum_value, min_value, max_value, first_value,
                      first_at, last_value, last_at, minutes)
  SELECT d.user_key, d.stream_id, d.local_date, d.points, d.total, d.least, d.greatest, d.first_value, d.first_at,
         d.last_value, d.last_at,
         coalesce(h.minutes,
           CASE s.kind WHEN 'steps' THEN jsonb_build_object('active', d.active, 'tracked', d.points) END)
  FROM days d
  JOIN read_seed s ON s.user_key = d.user_key AND s.stream_id = d.stream_id
  LEFT JOIN pulses h ON (h.user_key, h.stream_id, h.local_date) = (d.user_key, d.stream_id, d.local_date)`;

const DAYS_SQL = `
  INSERT INTO stream_day (user_key, stream_id, day, point_count)
  SELECT user_key, stream_id, local_date, point_count FROM rollup
  WHERE local_date >= $1::timestamptz::date AND local_date < $2::timestamptz::date`;

const COUNTERS_SQL = `
  UPDATE stream s SET point_count = r.points, first_at = r.first_at, last_at = r.last_at
  FROM (
    SELECT user_key, stream_id, sum(point_count) AS points, min(first_at) AS first_at, max(last_at) AS last_at
    FROM rollup GROUP BY 1, 2
  ) r
  WHERE s.user_key = r.user_key AND s.id = r.stream_id`;

async function fillMonth(db: Database, from: string, to: string): Promise<void> {
  await db.transaction(async (sql) => {
    await sql.query(`SET LOCAL work_mem = '256MB'`);
    await sql.query('SET LOCAL synchronous_commit = off');
    for (const text of [POINTS_SQL, ROLLUPS_SQL, DAYS_SQL]) await sql.query(text, [from, to]);
  });
}
