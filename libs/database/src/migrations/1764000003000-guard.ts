import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shared rate limits, the audit trail, and users on their way out. */
export class Guard1764000003000 implements MigrationInterface {
  name = 'Guard1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Requests per window of time. Unlogged: after a crash of the server everybody starts anew.
      CREATE UNLOGGED TABLE rate_limit (
        key text PRIMARY KEY,
        hits integer NOT NULL,
        window_ends_at timestamptz NOT NULL
      ) WITH (fillfactor = 50);

      -- Who did what. user_id and actor_id refer to nothing: the entry outlives both.
      CREATE TABLE audit_entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        happened_at timestamptz(3) NOT NULL DEFAULT now(),
        actor_kind varchar(16) NOT NULL,
        actor_id text,
        action varchar(100) NOT NULL,
        outcome varchar(16) NOT NULL CHECK (outcome IN ('success', 'refused', 'failed')),
        status smallint,
        method varchar(8),
        route text,
        object_type varchar(64),
        object_id text,
        user_id uuid,
        address inet,
        request_id text,
        detail jsonb
      );
      CREATE INDEX audit_entry_time_idx ON audit_entry USING brin (happened_at);
      CREATE INDEX audit_entry_actor_idx ON audit_entry (actor_id, id);
      CREATE INDEX audit_entry_user_idx ON audit_entry (user_id, id) WHERE user_id IS NOT NULL;
      CREATE INDEX audit_entry_object_idx ON audit_entry (object_id, id) WHERE object_id IS NOT NULL;
      CREATE INDEX audit_entry_action_idx ON audit_entry (action, id);

      CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit_entry is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only();
      -- Also while triggers are off for replication.
      ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_append_only;

      -- How often whose data was read or written by whom, per UTC day.
      CREATE TABLE data_access_day (
        day date NOT NULL,
        actor_kind varchar(16) NOT NULL,
        actor_id text NOT NULL,
        user_id uuid NOT NULL,
        reads bigint NOT NULL DEFAULT 0,
        writes bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (day, actor_kind, actor_id, user_id)
      );
      CREATE INDEX data_access_day_user_idx ON data_access_day (user_id, day);

      -- Users who are gone for every reader, and how far the rest of their data is gone too. The report stays.
      -- grants: sealed tokens that vendors have yet to be asked to forget.
      CREATE TABLE erasure (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL UNIQUE,
        user_key integer NOT NULL UNIQUE,
        requested_at timestamptz(3) NOT NULL DEFAULT now(),
        finished_at timestamptz(3),
        deleted jsonb NOT NULL DEFAULT '{}',
        deleted_files integer NOT NULL DEFAULT 0,
        grants jsonb NOT NULL DEFAULT '[]'
      );
      CREATE INDEX erasure_open_idx ON erasure (requested_at) WHERE finished_at IS NULL;

      -- What may be millions of rows is emptied by the erasure's job; the user's row must not wait for it.
      ALTER TABLE data_source DROP CONSTRAINT data_source_user_key_fkey;
      ALTER TABLE outbox DROP CONSTRAINT outbox_user_key_fkey;
      -- What goes with the user's row or a connection's must be found without a scan.
      CREATE INDEX task_user_idx ON task (user_id) WHERE user_id IS NOT NULL;
      CREATE INDEX data_source_connection_idx ON data_source (connection_id) WHERE connection_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outbox ADD FOREIGN KEY (user_key) REFERENCES users (key) ON DELETE CASCADE;
      ALTER TABLE data_source ADD FOREIGN KEY (user_key) REFERENCES users (key) ON DELETE CASCADE;
      DROP INDEX data_source_connection_idx, task_user_idx;
      DROP TABLE erasure, data_access_day, audit_entry, rate_limit;
      DROP FUNCTION audit_entry_is_append_only;
    `);
  }
}
