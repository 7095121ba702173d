import type { Database } from '#libs/database';

/**
 * One night per user and day between `from` and `to`, derived from the watch, with its vitals counted from hourly
 * samples; and the totals of the platform.
 */
export async function seedNights(db: Database, from: string, to: string): Promise<void> {
  await db.query(
    `INSERT INTO event (user_key, id, source_id, category, type, source_name, started_at, ended_at, zone_offset,
                        duration_seconds, local_date)
     SELECT d.user_key, gen_random_uuid(), d.id, 'sleep', 'sleep_session', 'bench', night, night + interval '8 hours',
            0, 28800, night::date
     FROM data_source d CROSS JOIN generate_series($1::timestamptz, $2::timestamptz - interval '1 day', '1 day') AS night
     WHERE d.device_type = 'watch'`,
    [from, to],
  );
  await db.query(
    `INSERT INTO sleep_detail (user_key, event_id, total_minutes, time_in_bed_minutes, efficiency_percent, deep_minutes,
                               rem_minutes, light_minutes, awake_minutes, is_nap, stages)
     SELECT user_key, id, 430, 480, 89.6, 90, 100, 240, 50, false,
            jsonb_build_array(jsonb_build_object('stage', 'light', 'start_time', started_at, 'end_time', ended_at))
     FROM event`,
  );
  await db.query(
    `INSERT INTO event_vital (user_key, event_id, stream_id, point_count, sum_value)
     SELECT e.user_key, e.id, s.id, 8, 8 * 60
     FROM event e JOIN stream s ON s.user_key = e.user_key AND s.series_type IN (1, 3, 7, 20, 24) AND NOT s.is_daily_total`,
  );
  await db.query(
    `INSERT INTO platform_counter (name, shard, value)
     SELECT 'points', (user_key % 32)::smallint, sum(point_count) FROM stream GROUP BY 2
     UNION ALL SELECT v.name, (user_key % 32)::smallint, count(*)
     FROM event CROSS JOIN (VALUES ('events'), ('sleeps')) AS v (name) GROUP BY 1, 2`,
  );
  await db.query(
    `INSERT INTO connection (id, user_id, provider, status)
     SELECT gen_random_uuid(), u.id, d.provider, 'active' FROM users u JOIN data_source d ON d.user_key = u.key`,
  );
}
