import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';
import type { CloudApp } from '../app/cloud-app.js';
import { CloudApps } from '../app/cloud-apps.js';
import { RefreshIntents } from './refresh-intents.js';
import { StoredTokens, type AccessToken } from './stored-tokens.js';
import { TokenRefresh } from './token-refresh.js';

/** How many refreshes that were left are done at a time; there are only as many as a killed process was at. */
const LEFT_AT_ONCE = 5;

/** Tokens of connections, always fresh. Of all who find a token too old, in all processes, one refreshes it. */
@Injectable()
export class AccessTokens {
  private readonly refreshing = new Map<string, Promise<AccessToken>>();

  constructor(
    private readonly db: Database,
    private readonly apps: CloudApps,
    private readonly stored: StoredTokens,
    private readonly intents: RefreshIntents,
    private readonly refresh: TokenRefresh,
  ) {}

  /**
   * A token to use now. `refused`: the vendor did not take this one, so it is replaced unless that has happened since.
   * @throws Unconnected, VendorError when the vendor's token endpoint has trouble
   */
  async get(app: CloudApp, connectionId: string, refused?: string): Promise<AccessToken> {
    const row = await this.stored.read(this.db, connectionId);
    const token = this.stored.usable(app, row, refused);
    if (token) return token;
    // Nothing is begun for those that cannot be refreshed.
    this.stored.refreshTokenOf(app, row);
    const running = this.refreshing.get(connectionId);
    if (running) {
      const theirs = await running;
      if (theirs.text !== refused) return theirs;
    }
    return this.once(app, connectionId, refused);
  }

  /** Ends refreshes that a crash or trouble at the vendor left open, while vendors still take the old token. */
  async finishInterrupted(): Promise<number> {
    const left = await this.intents.interrupted(LEFT_AT_ONCE);
    await Promise.all(
      left.map(async ({ connection_id: id, provider }) => {
        const app = this.apps.find(provider);
        await (app && this.once(app, id))?.catch((error: unknown) =>
          logger().warn({ error, provider, connection_id: id }, 'interrupted_refresh_failed'),
        );
      }),
    );
    return left.length;
  }

  private once(app: CloudApp, connectionId: string, refused?: string): Promise<AccessToken> {
    const refresh = this.refresh.run(app, connectionId, refused).finally(() => this.refreshing.delete(connectionId));
    this.refreshing.set(connectionId, refresh);
    return refresh;
  }
}
