import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts what is stored of a connection, so that an answer of the vendor that is older than that is noticed. Deliveries
 * know the request that brought them.
 */
export class FetchOrder1764000012000 implements MigrationInterface {
  name = 'FetchOrder1764000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE connection_sync ADD COLUMN stored_version bigint NOT NULL DEFAULT 0;
      ALTER TABLE vendor_inbox ADD COLUMN request_id varchar(128);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE vendor_inbox DROP COLUMN request_id;
      ALTER TABLE connection_sync DROP COLUMN stored_version;
    `);
  }
}
