import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Health data. Every big table starts its keys with user_key, so that it can be distributed by user.
 * Zone offsets are minutes east of UTC; local dates are computed as date(instant + offset).
 */
export class HealthData1764000001000 implements MigrationInterface {
  name = 'HealthData1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE data_source (
        id uuid PRIMARY KEY,
        user_key integer NOT NULL REFERENCES users (key) ON DELETE CASCADE,
        provider varchar(50) NOT NULL,
        source varchar(100),
        device_model varchar(100),
        device_type varchar(32),
        software_version varchar(50),
        original_source_name varchar(100),
        connection_id uuid REFERENCES connection ON DELETE SET NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE NULLS NOT DISTINCT (user_key, provider, device_model, source),
        UNIQUE (user_key, id)
      );

      -- One series of one source, daily totals apart from intraday parts. Counters spare every count a scan of points.
      CREATE TABLE stream (
        id integer GENERATED ALWAYS AS IDENTITY,
        user_key integer NOT NULL,
        source_id uuid NOT NULL,
        series_type smallint NOT NULL,
        is_daily_total boolean NOT NULL,
        point_count bigint NOT NULL DEFAULT 0,
        first_at timestamptz,
        last_at timestamptz,
        -- Smallest and largest zone offset seen: bounds where the points of a local date can lie.
        zone_min smallint NOT NULL DEFAULT 0,
        zone_max smallint NOT NULL DEFAULT 0,
        PRIMARY KEY (user_key, id),
        UNIQUE (user_key, source_id, series_type, is_daily_total),
        FOREIGN KEY (user_key, source_id) REFERENCES data_source (user_key, id) ON DELETE CASCADE
      );

      -- origin: hash of the sender's sample id, kept where two samples of equal start must be told apart.
      CREATE TABLE point (
        user_key integer NOT NULL,
        stream_id integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        value double precision NOT NULL,
        ended_at timestamptz,
        origin integer,
        zone_offset smallint,
        -- Points arrive in order and are hardly ever squeezed in between: full index pages.
        PRIMARY KEY (user_key, stream_id, recorded_at) WITH (fillfactor = 98)
      ) PARTITION BY RANGE (recorded_at);

      -- Points per stream and UTC day: exact totals of any time range from two partial days and this.
      CREATE TABLE stream_day (
        user_key integer NOT NULL,
        stream_id integer NOT NULL,
        day date NOT NULL,
        point_count integer NOT NULL,
        -- Sums come out of the index alone.
        PRIMARY KEY (user_key, stream_id, day) INCLUDE (point_count)
      );

      -- What summaries read: one row per stream and local date, kept in the transaction that writes the points.
      -- minute_levels, minute_counts: what a day's samples say per minute, as ascending levels and the number of minutes
      -- up to each. Steps: 0 = a minute with steps, 1 = with many. Heart rate: 2 x whole bpm, plus 1 for a fraction.
      CREATE TABLE rollup (
        user_key integer NOT NULL,
        stream_id integer NOT NULL,
        local_date date NOT NULL,
        point_count integer NOT NULL,
        sum_value numeric NOT NULL,
        min_value double precision NOT NULL,
        max_value double precision NOT NULL,
        first_value double precision NOT NULL,
        first_at timestamptz NOT NULL,
        last_value double precision NOT NULL,
        last_at timestamptz NOT NULL,
        minute_levels smallint[],
        minute_counts smallint[],
        archived boolean NOT NULL DEFAULT false,
        PRIMARY KEY (user_key, stream_id, local_date)
      );

      CREATE TABLE event (
        user_key integer NOT NULL,
        id uuid NOT NULL,
        source_id uuid NOT NULL,
        category varchar(32) NOT NULL CHECK (category IN ('workout', 'sleep', 'menstrual_cycle', 'activity')),
        type varchar(64),
        external_id varchar(100),
        source_name varchar(64) NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        zone_offset smallint,
        duration_seconds integer,
        -- Local date on which the event ends: the day a night or a workout belongs to.
        local_date date NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (user_key, id),
        FOREIGN KEY (user_key, source_id) REFERENCES data_source (user_key, id) ON DELETE CASCADE
      );
      -- What counting needs beside the key, so that counts never look at the rows.
      CREATE INDEX event_time_idx ON event (user_key, category, started_at DESC, id DESC)
        INCLUDE (ended_at, source_id, type);
      CREATE INDEX event_date_idx ON event (user_key, category, local_date);
      CREATE UNIQUE INDEX event_external_key ON event (user_key, source_id, category, external_id)
        WHERE external_id IS NOT NULL AND category <> 'sleep';
      CREATE UNIQUE INDEX event_times_key ON event (user_key, source_id, category, started_at, ended_at)
        WHERE external_id IS NULL AND category <> 'sleep';

      CREATE TABLE workout_detail (
        user_key integer NOT NULL,
        event_id uuid NOT NULL,
        heart_rate_min integer,
        heart_rate_max integer,
        heart_rate_avg double precision,
        energy_burned double precision,
        distance double precision,
        steps_count integer,
        max_speed double precision,
        average_speed double precision,
        max_watts double precision,
        average_watts double precision,
        average_cadence double precision,
        moving_time_seconds integer,
        total_elevation_gain double precision,
        elev_high double precision,
        elev_low double precision,
        segments jsonb,
        hr_zones jsonb,
        power_zones jsonb,
        PRIMARY KEY (user_key, event_id),
        FOREIGN KEY (user_key, event_id) REFERENCES event ON DELETE CASCADE
      );

      -- The heavy part of a workout, apart so that lists never read it.
      CREATE TABLE workout_track (
        user_key integer NOT NULL,
        event_id uuid NOT NULL,
        route jsonb,
        samples jsonb,
        PRIMARY KEY (user_key, event_id),
        FOREIGN KEY (user_key, event_id) REFERENCES event ON DELETE CASCADE
      );

      CREATE TABLE sleep_detail (
        user_key integer NOT NULL,
        event_id uuid NOT NULL,
        total_minutes integer,
        time_in_bed_minutes integer,
        efficiency_percent double precision,
        deep_minutes integer,
        rem_minutes integer,
        light_minutes integer,
        awake_minutes integer,
        is_nap boolean,
        stages jsonb,
        PRIMARY KEY (user_key, event_id),
        FOREIGN KEY (user_key, event_id) REFERENCES event ON DELETE CASCADE
      );

      CREATE TABLE menstrual_cycle_detail (
        user_key integer NOT NULL,
        event_id uuid NOT NULL,
        detail jsonb NOT NULL,
        PRIMARY KEY (user_key, event_id),
        FOREIGN KEY (user_key, event_id) REFERENCES event ON DELETE CASCADE
      );

      -- Sleep as delivered: segments of one stage (stage set) or whole vendor sessions (session set).
      -- Sleep events are derived from these and can be derived again.
      CREATE TABLE sleep_fragment (
        user_key integer NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        source_id uuid NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        stage varchar(16),
        session jsonb,
        is_nap boolean NOT NULL DEFAULT false,
        external_id varchar(100),
        source_name varchar(64),
        zone_offset smallint,
        score double precision,
        event_id uuid,
        -- Its night was deleted by hand: the same fragment delivered again changes nothing and makes no night.
        is_deleted boolean NOT NULL DEFAULT false,
        PRIMARY KEY (user_key, id),
        FOREIGN KEY (user_key, source_id) REFERENCES data_source (user_key, id) ON DELETE CASCADE,
        CHECK ((stage IS NULL) <> (session IS NULL))
      -- Every fragment is told its event right after it was inserted: room for that beside it.
      ) WITH (fillfactor = 60);
      CREATE INDEX sleep_fragment_time_idx ON sleep_fragment (user_key, source_id, started_at);
      CREATE UNIQUE INDEX sleep_fragment_segment_key ON sleep_fragment (user_key, source_id, started_at, ended_at, stage)
        WHERE stage IS NOT NULL;
      CREATE UNIQUE INDEX sleep_fragment_external_key ON sleep_fragment (user_key, source_id, external_id)
        WHERE session IS NOT NULL AND external_id IS NOT NULL;
      CREATE UNIQUE INDEX sleep_fragment_times_key ON sleep_fragment (user_key, source_id, started_at, ended_at)
        WHERE session IS NOT NULL AND external_id IS NULL;

      -- Samples inside an event, per stream: night vitals of sleep, heart rate of workouts. Survives archiving.
      CREATE TABLE event_vital (
        user_key integer NOT NULL,
        event_id uuid NOT NULL,
        stream_id integer NOT NULL,
        point_count integer NOT NULL,
        sum_value numeric NOT NULL,
        PRIMARY KEY (user_key, event_id, stream_id),
        FOREIGN KEY (user_key, event_id) REFERENCES event ON DELETE CASCADE
      );

      -- Deleted by hand: the same record delivered again stays deleted. Deleted sleep is marked at its fragments.
      CREATE TABLE event_tombstone (
        user_key integer NOT NULL,
        source_id uuid NOT NULL,
        category varchar(32) NOT NULL,
        external_id varchar(100),
        started_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        deleted_at timestamptz(3) NOT NULL DEFAULT now(),
        FOREIGN KEY (user_key, source_id) REFERENCES data_source (user_key, id) ON DELETE CASCADE
      );
      CREATE INDEX event_tombstone_idx ON event_tombstone (user_key, source_id, category);

      CREATE TABLE health_score (
        user_key integer NOT NULL,
        id uuid NOT NULL,
        provider varchar(50) NOT NULL,
        category varchar(32) NOT NULL,
        value double precision,
        qualifier varchar(32),
        recorded_at timestamptz NOT NULL,
        zone_offset smallint,
        components jsonb,
        source_id uuid,
        event_id uuid,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (user_key, id),
        UNIQUE NULLS NOT DISTINCT (user_key, provider, category, recorded_at, event_id),
        FOREIGN KEY (user_key, source_id) REFERENCES data_source (user_key, id) ON DELETE CASCADE
      );
      CREATE INDEX health_score_time_idx ON health_score (user_key, recorded_at DESC, id DESC);
      CREATE INDEX health_score_category_idx ON health_score (user_key, category, recorded_at DESC, id DESC);
      CREATE INDEX health_score_event_idx ON health_score (user_key, event_id) WHERE event_id IS NOT NULL;

      -- What integrators must hear, written in the transaction that stored it.
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        user_key integer NOT NULL REFERENCES users (key) ON DELETE CASCADE,
        kind varchar(64) NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX outbox_age_idx ON outbox USING brin (created_at);

      -- Totals of the whole platform, spread over shards so that writers do not queue for one row.
      CREATE TABLE platform_counter (
        name varchar(32) NOT NULL,
        shard smallint NOT NULL,
        value bigint NOT NULL,
        PRIMARY KEY (name, shard)
      );

      CREATE TABLE archival_settings (
        id smallint PRIMARY KEY CHECK (id = 1),
        archive_after_days integer,
        delete_after_days integer
      );
      INSERT INTO archival_settings VALUES (1, NULL, NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE archival_settings, platform_counter, outbox, health_score, event_tombstone, event_vital,
        sleep_fragment, menstrual_cycle_detail, sleep_detail, workout_track, workout_detail, event, rollup, stream_day,
        point, stream, data_source CASCADE
    `);
  }
}
