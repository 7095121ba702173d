import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Developers, API keys, users, connections, settings and work queues' durable side. */
export class IdentityAndUsers1764000000000 implements MigrationInterface {
  name = 'IdentityAndUsers1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE developer (
        id uuid PRIMARY KEY,
        email text NOT NULL,
        password_hash text NOT NULL,
        first_name varchar(100),
        last_name varchar(100),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX developer_email_key ON developer (lower(email));

      CREATE TABLE api_key (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        key_hash bytea NOT NULL UNIQUE,
        key_prefix varchar(16) NOT NULL,
        created_by uuid REFERENCES developer ON DELETE SET NULL,
        last_used_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );

      -- key: the narrow user number that every health table carries; id: the wire's user id.
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        key integer GENERATED ALWAYS AS IDENTITY UNIQUE,
        first_name varchar(100),
        last_name varchar(100),
        email text,
        external_user_id varchar(255) UNIQUE,
        birth_date date,
        sex varchar(16),
        gender varchar(32),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX users_email_key ON users (lower(email));
      CREATE INDEX users_created_idx ON users (created_at, id);

      CREATE TABLE connection (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        provider varchar(64) NOT NULL,
        provider_user_id text,
        provider_username text,
        access_token_encrypted text,
        refresh_token_encrypted text,
        token_expires_at timestamptz(3),
        scope text,
        status varchar(16) NOT NULL CHECK (status IN ('active', 'revoked', 'expired')),
        last_synced_at timestamptz(3),
        revoked_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (user_id, provider)
      );
      CREATE INDEX connection_status_idx ON connection (status, user_id);
      CREATE INDEX connection_account_idx ON connection (provider, provider_user_id)
        WHERE provider_user_id IS NOT NULL AND status = 'active';

      CREATE TABLE provider_priority (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        provider varchar(50) NOT NULL UNIQUE,
        priority integer NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      INSERT INTO provider_priority (provider, priority) VALUES
        ('apple', 1), ('garmin', 2), ('polar', 3), ('suunto', 4), ('whoop', 5), ('samsung', 6),
        ('google', 7), ('strava', 8), ('oura', 9), ('fitbit', 10), ('ultrahuman', 11), ('sensorbio', 12);

      CREATE TABLE device_type_priority (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        device_type varchar(32) NOT NULL UNIQUE,
        priority integer NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      INSERT INTO device_type_priority (device_type, priority) VALUES
        ('watch', 1), ('band', 2), ('ring', 3), ('phone', 4), ('scale', 5), ('other', 6), ('unknown', 99);

      -- A user's own order of sources: rank 0 first; a row names a provider, a device type or both.
      CREATE TABLE user_priority (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        rank integer NOT NULL,
        provider varchar(50),
        device_type varchar(32),
        PRIMARY KEY (user_id, rank)
      );

      -- What the API handed out as task_id: the state of one piece of background work, kept 7 days.
      CREATE TABLE task (
        id uuid PRIMARY KEY,
        kind varchar(32) NOT NULL,
        user_id uuid REFERENCES users ON DELETE CASCADE,
        run_id text,
        state varchar(16) NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
        progress double precision,
        result jsonb,
        error text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX task_age_idx ON task (updated_at);

      -- Accepted and not yet digested. The body is what the client sent; encoding says how it is stored.
      CREATE TABLE inbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        batch_id uuid NOT NULL UNIQUE,
        kind varchar(32) NOT NULL,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        provider varchar(64) NOT NULL,
        encoding varchar(8) NOT NULL CHECK (encoding IN ('identity', 'gzip')),
        body bytea,
        digest bytea NOT NULL,
        context jsonb NOT NULL DEFAULT '{}',
        state varchar(16) NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        progress jsonb,
        received_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
      );
      ALTER TABLE inbox ALTER COLUMN body SET STORAGE EXTERNAL;
      CREATE INDEX inbox_pending_idx ON inbox (user_id, id) WHERE state = 'pending';
      CREATE INDEX inbox_waiting_idx ON inbox (received_at) WHERE state = 'pending';
      CREATE INDEX inbox_finished_idx ON inbox (finished_at) WHERE state <> 'pending';

      CREATE TABLE sdk_log_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        provider varchar(64) NOT NULL,
        sdk_version text NOT NULL,
        event jsonb NOT NULL,
        received_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX sdk_log_event_user_idx ON sdk_log_event (user_id, received_at);
      CREATE INDEX sdk_log_event_age_idx ON sdk_log_event (received_at);

      CREATE TABLE worker_heartbeat (
        worker_id text PRIMARY KEY,
        beat_at timestamptz(3) NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE worker_heartbeat, sdk_log_event, inbox, task, user_priority, device_type_priority, provider_priority,
        connection, users, api_key, developer
    `);
  }
}
