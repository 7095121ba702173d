import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the platform did to get a user's data: runs and the events of each, both kept for some days only. */
export class SyncStatus1764000004000 implements MigrationInterface {
  name = 'SyncStatus1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One run as its latest event left it; started_at stays what the first event said.
      CREATE TABLE sync_run (
        user_key integer NOT NULL REFERENCES users (key) ON DELETE CASCADE,
        run_id text NOT NULL,
        provider varchar(64) NOT NULL,
        source varchar(32) NOT NULL,
        stage varchar(16) NOT NULL,
        status varchar(16) NOT NULL,
        message text,
        progress double precision,
        items_processed bigint,
        items_total bigint,
        error text,
        primary_user_id uuid,
        started_at timestamptz,
        ended_at timestamptz,
        last_update timestamptz NOT NULL,
        PRIMARY KEY (user_key, run_id)
      );
      CREATE INDEX sync_run_id_idx ON sync_run (run_id);
      CREATE INDEX sync_run_user_idx ON sync_run (user_key, last_update DESC, run_id);
      -- Runs of all users, by each thing they can be filtered by.
      CREATE INDEX sync_run_time_idx ON sync_run (last_update DESC, run_id);
      CREATE INDEX sync_run_provider_idx ON sync_run (provider, last_update DESC, run_id);
      CREATE INDEX sync_run_status_idx ON sync_run (status, last_update DESC, run_id);
      CREATE INDEX sync_run_source_idx ON sync_run (source, last_update DESC, run_id);

      -- event_id is a UUID of version 7, so it orders the events by the time they were written. position is their
      -- order for those who follow a stream; it is given after the commit, because commits come in any order.
      CREATE TABLE sync_event (
        user_key integer NOT NULL REFERENCES users (key) ON DELETE CASCADE,
        event_id uuid NOT NULL DEFAULT uuidv7(),
        run_id text NOT NULL,
        provider varchar(64) NOT NULL,
        source varchar(32) NOT NULL,
        stage varchar(16) NOT NULL,
        status varchar(16) NOT NULL,
        message text,
        progress double precision,
        items_processed bigint,
        items_total bigint,
        error text,
        primary_user_id uuid,
        metadata jsonb NOT NULL DEFAULT '{}',
        started_at timestamptz,
        ended_at timestamptz,
        happened_at timestamptz NOT NULL,
        position bigint,
        PRIMARY KEY (user_key, event_id)
      );
      CREATE INDEX sync_event_position_idx ON sync_event (user_key, position);
      CREATE INDEX sync_event_age_idx ON sync_event USING brin (happened_at);
      CREATE SEQUENCE sync_event_position_seq OWNED BY sync_event.position;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sync_event, sync_run');
  }
}
