import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Subscription } from '#libs/providers/kit';

/** Subscriptions at the vendors as we last saw them: deliveries name them, renewals look for them. */
@Injectable()
export class SubscriptionStore {
  constructor(private readonly db: Database) {}

  /** Remembers what the vendor lists, and forgets what it does not list any more. */
  async replace(provider: string, subscriptions: readonly Subscription[]): Promise<void> {
    await this.db.query(
      `WITH gone AS (
         DELETE FROM provider_subscription WHERE provider = $1 AND subscription_id <> ALL ($2::text[])
       )
       INSERT INTO provider_subscription AS s (provider, subscription_id, callback_url, expires_at)
       SELECT DISTINCT ON (id) $1, id, callback_url, expires_at
       FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS l (id, callback_url, expires_at)
       ON CONFLICT (provider, subscription_id)
         DO UPDATE SET callback_url = excluded.callback_url, expires_at = excluded.expires_at`,
      [
        provider,
        subscriptions.map(({ id }) => id),
        subscriptions.map(({ callbackUrl }) => callbackUrl),
        subscriptions.map(({ expiresAt }) => expiresAt),
      ],
    );
  }

  /** Whether a provider has subscriptions that were last renewed before `days` ago. */
  async needsRenewal(provider: string, days: number): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT FROM provider_subscription WHERE provider = $1 AND renewed_at < now() - $2 * interval '1 day' LIMIT 1`,
      [provider, days],
    );
    return rows.length > 0;
  }

  async markRenewed(provider: string): Promise<void> {
    await this.db.query('UPDATE provider_subscription SET renewed_at = now() WHERE provider = $1', [provider]);
  }
}
