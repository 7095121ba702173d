import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Outgoing webhooks. What is read by endpoint and by time of making has text ids whose order (collation C) is that time.
 * Everything about a user goes with the user.
 */
export class Webhooks1764000007000 implements MigrationInterface {
  name = 'Webhooks1764000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Some things are told later than they are stored (a night that may still grow). A row that cannot be told is
      -- tried again later, apart from the others.
      ALTER TABLE outbox
        ADD COLUMN due_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN failures smallint NOT NULL DEFAULT 0;
      CREATE INDEX outbox_due_idx ON outbox (due_at);

      -- developer_id null: made with an API key that belongs to no developer.
      CREATE TABLE webhook_endpoint (
        id text COLLATE "C" PRIMARY KEY,
        developer_id uuid REFERENCES developer ON DELETE CASCADE,
        url text NOT NULL,
        description text NOT NULL,
        filter_types text[],
        user_id uuid,
        disabled_at timestamptz,
        disabled_reason varchar(16),
        notified_at timestamptz,
        -- Since the last success; what delivery order, pauses and the end of an endpoint depend on.
        consecutive_failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz,
        last_success_at timestamptz,
        last_failure_at timestamptz,
        success_count bigint NOT NULL DEFAULT 0,
        failure_count bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz
      );
      CREATE INDEX webhook_endpoint_owner_idx ON webhook_endpoint (developer_id, id) WHERE deleted_at IS NULL;

      -- Signing keys, sealed. The one without an end is the current one; others are valid until they expire.
      CREATE TABLE webhook_secret (
        endpoint_id text COLLATE "C" NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
        id bigint GENERATED ALWAYS AS IDENTITY,
        sealed text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        PRIMARY KEY (endpoint_id, id)
      );
      CREATE UNIQUE INDEX webhook_secret_current_key ON webhook_secret (endpoint_id) WHERE expires_at IS NULL;

      -- The data of messages, as text because signatures are over bytes. Shared by the messages that say the same.
      CREATE TABLE webhook_content (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        user_key integer REFERENCES users (key) ON DELETE CASCADE,
        data text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX webhook_content_user_idx ON webhook_content (user_key);

      -- endpoint_id: meant for that endpoint alone. content_id: no foreign key, contents are kept for a shorter time.
      CREATE TABLE webhook_message (
        id text COLLATE "C" PRIMARY KEY,
        user_key integer REFERENCES users (key) ON DELETE CASCADE,
        user_id uuid,
        event_type varchar(96) NOT NULL,
        event_id text COLLATE "C" NOT NULL UNIQUE,
        endpoint_id text COLLATE "C" REFERENCES webhook_endpoint ON DELETE CASCADE,
        content_id bigint,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX webhook_message_user_idx ON webhook_message (user_key);
      CREATE INDEX webhook_message_endpoint_idx ON webhook_message (endpoint_id) WHERE endpoint_id IS NOT NULL;

      -- status: 0 delivered, 1 to be delivered, 2 given up. lane: 0 first attempts at endpoints that work, 1 all others.
      -- A delivery that is being attempted is due again when the attempt must be over.
      CREATE TABLE webhook_delivery (
        message_id text COLLATE "C" NOT NULL REFERENCES webhook_message ON DELETE CASCADE,
        endpoint_id text COLLATE "C" NOT NULL,
        status smallint NOT NULL DEFAULT 1,
        lane smallint NOT NULL DEFAULT 0,
        attempts smallint NOT NULL DEFAULT 0,
        trigger smallint NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (message_id, endpoint_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (lane, endpoint_id, next_attempt_at) WHERE status = 1;
      CREATE INDEX webhook_delivery_endpoint_idx ON webhook_delivery (endpoint_id, message_id);

      CREATE TABLE webhook_attempt (
        id text COLLATE "C" PRIMARY KEY,
        message_id text COLLATE "C" NOT NULL REFERENCES webhook_message ON DELETE CASCADE,
        endpoint_id text COLLATE "C" NOT NULL,
        url text NOT NULL,
        status smallint NOT NULL,
        status_code smallint NOT NULL,
        duration_ms integer NOT NULL,
        response text NOT NULL,
        trigger smallint NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX webhook_attempt_endpoint_idx ON webhook_attempt (endpoint_id, id);
      CREATE INDEX webhook_attempt_status_idx ON webhook_attempt (endpoint_id, status, id);
      CREATE INDEX webhook_attempt_message_idx ON webhook_attempt (message_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE webhook_attempt, webhook_delivery, webhook_message, webhook_content, webhook_secret, webhook_endpoint;
      ALTER TABLE outbox DROP COLUMN due_at, DROP COLUMN failures;
    `);
  }
}
