import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A row of webhook_delivery is a delivery that is still to be made; what came of the others stands in their attempts.
 * Taking one changes no index, so that a busy endpoint leaves little behind for vacuum.
 */
export class WebhookDeliveries1764000011000 implements MigrationInterface {
  name = 'WebhookDeliveries1764000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM webhook_delivery WHERE status <> 1;
      DROP INDEX webhook_delivery_due_idx, webhook_delivery_endpoint_idx;
      -- leased_until: somebody attempts it; nobody else does before then.
      ALTER TABLE webhook_delivery DROP COLUMN status, ADD COLUMN leased_until timestamptz;
      CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (lane, endpoint_id, next_attempt_at);

      -- Who hears of a type is found without reading all endpoints.
      CREATE INDEX webhook_endpoint_filter_idx ON webhook_endpoint USING gin (filter_types)
        WITH (fastupdate = off) WHERE deleted_at IS NULL;
      CREATE INDEX webhook_endpoint_unfiltered_idx ON webhook_endpoint (id)
        WHERE filter_types IS NULL AND deleted_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX webhook_endpoint_filter_idx, webhook_endpoint_unfiltered_idx, webhook_delivery_due_idx;
      ALTER TABLE webhook_delivery DROP COLUMN leased_until, ADD COLUMN status smallint NOT NULL DEFAULT 1;
      CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (lane, endpoint_id, next_attempt_at) WHERE status = 1;
      CREATE INDEX webhook_delivery_endpoint_idx ON webhook_delivery (endpoint_id, message_id);
    `);
  }
}
