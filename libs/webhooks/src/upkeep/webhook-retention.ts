import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { idAt } from '../ids/sortable-id.js';

const DAY_MS = 24 * 3600 * 1000;
/** Messages and attempts; event ids are unique at least as long. */
const HISTORY_DAYS = 90;
/** Answers grow old in steps of one run; this far back one that was missed is still found. */
const RESPONSE_WINDOW_DAYS = 7;
const ROWS_PER_STATEMENT = 5_000;

/** Deletes what was kept long enough, in small statements. */
@Injectable()
export class WebhookRetention {
  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'webhookBodyDays'>,
  ) {}

  async run(now = new Date()): Promise<void> {
    const ago = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
    const { webhookBodyDays } = this.config;
    await this.repeat(
      `DELETE FROM webhook_content WHERE id IN (
         SELECT id FROM webhook_content WHERE created_at < $1 ORDER BY id LIMIT ${ROWS_PER_STATEMENT}) RETURNING 1`,
      [ago(webhookBodyDays).toISOString()],
    );
    await this.repeat(
      `UPDATE webhook_attempt SET response = '' WHERE id IN (
         SELECT id FROM webhook_attempt
         WHERE id >= $1 AND id < $2 AND response <> '' LIMIT ${ROWS_PER_STATEMENT}) RETURNING 1`,
      [idAt('atmpt', ago(webhookBodyDays + RESPONSE_WINDOW_DAYS)), idAt('atmpt', ago(webhookBodyDays))],
    );
    await this.repeat(
      `DELETE FROM webhook_message WHERE id IN (
         SELECT id FROM webhook_message WHERE id < $1 ORDER BY id LIMIT ${ROWS_PER_STATEMENT}) RETURNING 1`,
      [idAt('msg', ago(HISTORY_DAYS))],
    );
    await this.deleteEndpoints();
    await this.db.query('DELETE FROM webhook_secret WHERE expires_at < now()');
  }

  /** What belonged to deleted endpoints, then the endpoints. */
  private async deleteEndpoints(): Promise<void> {
    const gone = await this.db.query<{ id: string }>(
      `SELECT id FROM webhook_endpoint WHERE deleted_at < now() - interval '1 hour'`,
    );
    const ids = gone.map(({ id }) => id);
    if (ids.length === 0) return;
    await this.repeat(
      `DELETE FROM webhook_attempt WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM webhook_attempt WHERE endpoint_id = ANY ($1::text[]) LIMIT ${ROWS_PER_STATEMENT})) RETURNING 1`,
      [ids],
    );
    await this.db.query('DELETE FROM webhook_endpoint WHERE id = ANY ($1::text[])', [ids]);
  }

  private async repeat(statement: string, values: readonly unknown[]): Promise<void> {
    while ((await this.db.query(statement, values)).length === ROWS_PER_STATEMENT);
  }
}
