import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';
import { SecretBox } from '#libs/secrets';
import type { CloudApp } from '../app/cloud-app.js';
import { CloudApps } from '../app/cloud-apps.js';
import { OAuthCalls, type OAuthFactsOfUser } from '../oauth/oauth-calls.js';
import { ACCESS_TOKEN_PURPOSE } from '../tokens/sealed-tokens.js';

/** A connection as its vendor has to forget it. */
export interface Leaving {
  readonly user_id: string;
  readonly provider: string;
  readonly provider_user_id: string | null;
  readonly access_token_encrypted: string;
}

/** Tells vendors that users left. */
@Injectable()
export class VendorFarewell {
  constructor(
    private readonly db: Database,
    private readonly secrets: SecretBox,
    private readonly apps: CloudApps,
    private readonly calls: OAuthCalls,
  ) {}

  /**
   * Asks the vendors to forget the user's grants, of one provider or of all. As far as that is possible: errors are
   * logged and nobody is kept from leaving. A grant that another user of ours shares is left alone.
   */
  async say(userId: string, provider?: string): Promise<void> {
    const leaving = await this.db.query<Leaving>(
      `SELECT c.user_id, c.provider, c.provider_user_id, c.access_token_encrypted FROM connection c
       WHERE c.user_id = $1 AND ($2::text IS NULL OR c.provider = $2) AND c.access_token_encrypted IS NOT NULL
         AND NOT EXISTS (
           SELECT FROM connection other WHERE other.provider = c.provider AND other.status = 'active'
             AND other.provider_user_id = c.provider_user_id AND other.id <> c.id)`,
      [userId, provider ?? null],
    );
    await this.sayFor(leaving);
  }

  /** The same for connections whose rows may be gone already. */
  async sayFor(leaving: readonly Leaving[]): Promise<void> {
    await Promise.all(leaving.map((connection) => this.deregister(connection)));
  }

  private async deregister(connection: Leaving): Promise<void> {
    const { provider, user_id: userId } = connection;
    const app = this.apps.find(provider);
    if (!app?.cloud.oauth.revoke) return;
    try {
      const accessToken = this.secrets.open(connection.access_token_encrypted, ACCESS_TOKEN_PURPOSE);
      await this.revoke(app, { accessToken, providerUserId: connection.provider_user_id, userId });
    } catch (error) {
      logger().warn({ provider, user_id: userId, error }, 'vendor_deregistration_failed');
    }
  }

  private async revoke(app: CloudApp, facts: OAuthFactsOfUser): Promise<void> {
    for (const call of app.cloud.oauth.revoke ?? []) {
      const { status } = await this.calls.make(app, call, facts);
      if (call.nextOn?.includes(status)) continue;
      if (status >= 300) logger().warn({ provider: app.code, status }, 'vendor_deregistration_failed');
      return;
    }
  }
}
