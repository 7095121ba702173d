import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that people import, from the moment they are expected until nothing is left to tidy up. */
export class FileImports1764000006000 implements MigrationInterface {
  name = 'FileImports1764000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- id is also the id of its task. The user may go first: then the object still has to be deleted.
      CREATE TABLE file_import (
        id uuid PRIMARY KEY,
        user_id uuid REFERENCES users ON DELETE SET NULL,
        run_id text NOT NULL UNIQUE,
        state varchar(16) NOT NULL CHECK (state IN ('expected', 'pending', 'done', 'failed')),
        file_name text NOT NULL,
        object_key text NOT NULL,
        -- Name under which a client uploads by itself; null for what came with its request.
        upload_key text UNIQUE,
        upload_token_hash bytea,
        max_bytes bigint NOT NULL,
        expires_at timestamptz,
        etag text,
        size_bytes bigint,
        is_cancelled boolean NOT NULL DEFAULT false,
        attempts integer NOT NULL DEFAULT 0,
        progress jsonb,
        has_object boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      -- A notice about an object comes more than once.
      CREATE UNIQUE INDEX file_import_object_key ON file_import (object_key, etag) WHERE etag IS NOT NULL;
      CREATE INDEX file_import_pending_idx ON file_import (updated_at) WHERE state = 'pending';
      CREATE INDEX file_import_expected_idx ON file_import (expires_at) WHERE state = 'expected';
      CREATE INDEX file_import_over_idx ON file_import (updated_at) WHERE state IN ('done', 'failed');
      CREATE INDEX file_import_user_idx ON file_import (user_id);

      -- Notifications that were handled, for longer than they are accepted.
      CREATE TABLE sns_message (
        id text PRIMARY KEY,
        received_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX sns_message_age_idx ON sns_message (received_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sns_message, file_import');
  }
}
