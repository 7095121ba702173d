import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections with vendors' clouds: OAuth, request budgets, cursors, pulls, vendors' deliveries. */
export class CloudConnections1764000005000 implements MigrationInterface {
  name = 'CloudConnections1764000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_settings (
        provider varchar(64) PRIMARY KEY,
        is_enabled boolean NOT NULL DEFAULT true,
        live_sync_mode varchar(16) CHECK (live_sync_mode IN ('pull', 'webhook')),
        data_granularity varchar(16) CHECK (data_granularity IN ('daily', 'hourly', 'raw')),
        webhook_secret_encrypted text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );

      -- Subscriptions at the vendors as we last saw them.
      CREATE TABLE provider_subscription (
        provider varchar(64) NOT NULL,
        subscription_id text NOT NULL,
        callback_url text NOT NULL,
        expires_at timestamptz(3),
        renewed_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (provider, subscription_id)
      );

      -- Logins on their way: used once, within minutes. The browser carries the state, we keep its hash.
      CREATE TABLE oauth_state (
        state_hash bytea PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        provider varchar(64) NOT NULL,
        redirect_uri text,
        code_verifier_encrypted text,
        expires_at timestamptz(3) NOT NULL
      );
      CREATE INDEX oauth_state_age_idx ON oauth_state (expires_at);

      -- Requests our application may still send, shared by all processes. One row per limit of a provider.
      CREATE TABLE request_budget (
        provider varchar(64) NOT NULL,
        per_seconds integer NOT NULL,
        tokens double precision NOT NULL,
        refilled_at timestamptz NOT NULL,
        blocked_until timestamptz,
        PRIMARY KEY (provider, per_seconds)
      ) WITH (fillfactor = 50);

      -- When a connection is pulled next, and from when on live data is wanted at all.
      CREATE TABLE connection_sync (
        connection_id uuid PRIMARY KEY REFERENCES connection ON DELETE CASCADE,
        live_from timestamptz NOT NULL,
        next_pull_at timestamptz NOT NULL,
        last_delivery_at timestamptz,
        history_due boolean NOT NULL DEFAULT false
      ) WITH (fillfactor = 70);
      CREATE INDEX connection_sync_due_idx ON connection_sync (next_pull_at);
      CREATE INDEX connection_sync_history_idx ON connection_sync (connection_id) WHERE history_due;

      -- Up to when each kind of data is stored. Moves only over what was stored.
      CREATE TABLE sync_cursor (
        connection_id uuid NOT NULL REFERENCES connection ON DELETE CASCADE,
        resource varchar(64) NOT NULL,
        fetched_to timestamptz NOT NULL,
        PRIMARY KEY (connection_id, resource)
      );

      -- Zone offset of a user on a local date as it was first decided; null: it was not known.
      CREATE TABLE connection_zone (
        connection_id uuid NOT NULL REFERENCES connection ON DELETE CASCADE,
        local_date date NOT NULL,
        zone_offset smallint,
        PRIMARY KEY (connection_id, local_date)
      );

      -- Data to be pulled: the news of a connection, or a history. Jobs carry its id, which is also the task's.
      CREATE TABLE pull_run (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL REFERENCES connection ON DELETE CASCADE,
        kind varchar(16) NOT NULL CHECK (kind IN ('live', 'historical')),
        -- unannounced: only what no webhook brings.
        scope varchar(16) NOT NULL DEFAULT 'all' CHECK (scope IN ('all', 'unannounced')),
        run_id text NOT NULL,
        -- A window asked for; null: from the cursors up to now.
        start_at timestamptz,
        end_at timestamptz,
        state varchar(16) NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done')),
        -- Windows of a history that are finished, newest first.
        windows_done integer NOT NULL DEFAULT 0,
        -- What each resource brought in the window at hand and in all windows before.
        progress jsonb NOT NULL DEFAULT '{"resources": {}}',
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
      );
      CREATE UNIQUE INDEX pull_run_live_key ON pull_run (connection_id)
        WHERE kind = 'live' AND state <> 'done' AND start_at IS NULL;
      CREATE INDEX pull_run_connection_idx ON pull_run (connection_id);
      CREATE INDEX pull_run_open_idx ON pull_run (due_at) WHERE state <> 'done';
      CREATE INDEX pull_run_finished_idx ON pull_run (finished_at) WHERE state = 'done';

      -- Held by a worker while it pulls an account; a holder that does not say so again loses it.
      CREATE TABLE lease (
        name text PRIMARY KEY,
        holder uuid NOT NULL,
        held_until timestamptz NOT NULL
      );

      -- Verified deliveries of vendors. The body goes once it is processed.
      CREATE TABLE vendor_inbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        provider varchar(64) NOT NULL,
        body bytea,
        digest bytea NOT NULL,
        is_trusted boolean NOT NULL,
        state varchar(16) NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'done', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        result jsonb,
        received_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
      );
      ALTER TABLE vendor_inbox ALTER COLUMN body SET STORAGE EXTERNAL;
      CREATE UNIQUE INDEX vendor_inbox_waiting_key ON vendor_inbox (provider, digest) WHERE state = 'pending';
      CREATE INDEX vendor_inbox_open_idx ON vendor_inbox (due_at) WHERE state IN ('pending', 'running');
      CREATE INDEX vendor_inbox_finished_idx ON vendor_inbox (finished_at) WHERE state IN ('done', 'failed');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE vendor_inbox, lease, pull_run, connection_zone, sync_cursor, connection_sync, request_budget,
        oauth_state, provider_subscription, provider_settings
    `);
  }
}
