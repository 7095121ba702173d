import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shared rate limits. */
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rate_limit');
  }
}
