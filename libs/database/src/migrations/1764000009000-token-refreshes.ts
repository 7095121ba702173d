import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refreshes of vendors' tokens say on the disk that they begin, so that one that a crash interrupts is known. */
export class TokenRefreshes1764000009000 implements MigrationInterface {
  name = 'TokenRefreshes1764000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No reference to the connection: its end must not wait for a vendor. Rows of ended ones are swept.
      CREATE TABLE token_refresh (
        connection_id uuid PRIMARY KEY,
        began_at timestamptz NOT NULL DEFAULT now(),
        tries smallint NOT NULL DEFAULT 0,
        retry_at timestamptz NOT NULL DEFAULT now()
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE token_refresh');
  }
}
