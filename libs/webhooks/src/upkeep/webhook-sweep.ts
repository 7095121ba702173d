import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { MailError, Mailer } from '#libs/mail';
import { logger } from '#libs/observability';

interface Ended {
  id: string;
  url: string;
  disabled_reason: string;
  email: string;
}

const ROWS_PER_STATEMENT = 5_000;

const REASONS: Readonly<Record<string, string>> = {
  gone: 'It answered 410 Gone.',
  failing: 'It has not accepted a delivery for five days.',
};

/** Finds what fell between two stools: deliveries to endpoints that ended meanwhile, and developers nobody has told. */
@Injectable()
export class WebhookSweep {
  constructor(
    private readonly db: Database,
    private readonly mailer: Mailer,
  ) {}

  async run(): Promise<void> {
    while ((await this.giveUp()) === ROWS_PER_STATEMENT);
    await this.tellOwners();
  }

  private async giveUp(): Promise<number> {
    const given = await this.db.query(
      `DELETE FROM webhook_delivery WHERE (message_id, endpoint_id) IN (
         SELECT d.message_id, d.endpoint_id FROM webhook_delivery d
         WHERE NOT EXISTS (
           SELECT FROM webhook_endpoint e
           WHERE e.id = d.endpoint_id AND e.disabled_at IS NULL AND e.deleted_at IS NULL)
         LIMIT ${ROWS_PER_STATEMENT} FOR UPDATE SKIP LOCKED)
       RETURNING 1`,
    );
    return given.length;
  }

  /** A mail that does not go out is tried again by the next sweep, for a week. */
  private async tellOwners(): Promise<void> {
    const ended = await this.db.query<Ended & Record<string, unknown>>(
      `SELECT e.id, e.url, e.disabled_reason, d.email FROM webhook_endpoint e JOIN developer d ON d.id = e.developer_id
       WHERE e.disabled_reason IS NOT NULL AND e.notified_at IS NULL AND e.deleted_at IS NULL
         AND e.disabled_at > now() - interval '7 days'
       ORDER BY e.id LIMIT 100`,
    );
    for (const endpoint of ended) {
      try {
        await this.mailer.send(mailAbout(endpoint));
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        logger().warn({ err: error, endpoint_id: endpoint.id }, 'webhook_mail_failed');
        continue;
      }
      await this.db.query('UPDATE webhook_endpoint SET notified_at = now() WHERE id = $1', [endpoint.id]);
    }
  }
}

/** Path and query of an address may be secret. */
const mailAbout = ({ id, url, disabled_reason, email }: Ended) => ({
  to: email,
  subject: 'A webhook endpoint was disabled',
  text: [
    `The endpoint ${id} at ${new URL(url).host} was disabled and gets no more events.`,
    REASONS[disabled_reason] ?? '',
    'Enable it again when it works; what it missed can then be replayed from a date.',
  ].join('\n\n'),
});
