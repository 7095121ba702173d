import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a user leaves behind in many rows is emptied by the erasure's job, not in the request; deliveries know whose they are. */
export class Erasure1764000008000 implements MigrationInterface {
  name = 'Erasure1764000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Writers of these lock the user's row, as the keys did.
      ALTER TABLE inbox DROP CONSTRAINT inbox_user_id_fkey;
      ALTER TABLE sdk_log_event DROP CONSTRAINT sdk_log_event_user_id_fkey;
      ALTER TABLE sync_run DROP CONSTRAINT sync_run_user_key_fkey;
      ALTER TABLE sync_event DROP CONSTRAINT sync_event_user_key_fkey;
      ALTER TABLE webhook_content DROP CONSTRAINT webhook_content_user_key_fkey;
      ALTER TABLE webhook_message DROP CONSTRAINT webhook_message_user_key_fkey;
      ALTER TABLE file_import DROP CONSTRAINT file_import_user_id_fkey;
      CREATE INDEX inbox_user_idx ON inbox (user_id);

      -- Files of users who are gone: their objects are found as those of failed imports.
      UPDATE file_import SET state = 'failed' WHERE user_id IS NULL;

      -- Runs of linked accounts name the user who was first.
      CREATE INDEX sync_run_primary_idx ON sync_run (primary_user_id) WHERE primary_user_id IS NOT NULL;
      CREATE INDEX sync_event_primary_idx ON sync_event (primary_user_id) WHERE primary_user_id IS NOT NULL;

      -- Whom a delivery concerned; set when it is finished.
      ALTER TABLE vendor_inbox ADD COLUMN user_ids uuid[];
      CREATE INDEX vendor_inbox_users_idx ON vendor_inbox USING gin (user_ids) WHERE user_ids IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE vendor_inbox DROP COLUMN user_ids;
      DROP INDEX sync_event_primary_idx, sync_run_primary_idx, inbox_user_idx;
      ALTER TABLE file_import ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL;
      ALTER TABLE webhook_message ADD FOREIGN KEY (user_key) REFERENCES users (key) ON DELETE CASCADE;
      ALTER TABLE webhook_content ADD FOREIGN KEY (user_key) REFERENCES users (key) ON DELETE CASCADE;
      ALTER TABLE sync_event ADD FOREIGN KEY (user_key) REFERENCES users (key) ON DELETE CASCADE;
      ALTER TABLE sync_run ADD FOREIGN KEY (user_key) REFERENCES users (key) ON DELETE CASCADE;
      ALTER TABLE sdk_log_event ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;
      ALTER TABLE inbox ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;
    `);
  }
}
