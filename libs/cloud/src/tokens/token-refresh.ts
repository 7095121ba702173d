import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { counter, logger } from '#libs/observability';
import { requireCredentials, type CloudApp } from '../app/cloud-app.js';
import { revokeConnection } from '../connections/revoke-connection.js';
import { RefreshIntents } from './refresh-intents.js';
import { StoredTokens, type AccessToken, type TokenRow } from './stored-tokens.js';
import { InvalidGrant, TokenEndpoint, type TokenAnswer } from './token-endpoint.js';
import { Turns } from './turns.js';
import { Unconnected } from './unconnected.js';

const refreshes = counter({
  name: 'vendor_token_refreshes_total',
  help: 'Refreshed tokens by what came of it',
  labels: ['provider', 'outcome'],
});

/** Each holds a database connection while its vendor is asked, and a vendor may take its time. */
const MOST_AT_ONCE = 3;

/** What came of an attempt. An error is thrown after the commit: what the attempt wrote down stays. */
type Outcome = { readonly token: AccessToken } | { readonly error: unknown } | 'done-by-others';

/**
 * Replaces the tokens of a connection. Of all who want to, in all processes, one asks the vendor, holding the lock of
 * the refresh and not that of the connection.
 *
 * A process that is killed after the vendor answered and before the commit loses the new refresh token. Nothing but one
 * statement lies between the two, and the refresh that was left is soon tried again with the old token, which most
 * vendors take for a while longer. The connection ends only when the vendor then says that the grant is over and the
 * row still holds that same token.
 */
@Injectable()
export class TokenRefresh {
  private readonly turns = new Turns(MOST_AT_ONCE);

  constructor(
    private readonly db: Database,
    private readonly stored: StoredTokens,
    private readonly intents: RefreshIntents,
    private readonly endpoint: TokenEndpoint,
  ) {}

  /**
   * `refused`: the vendor does not take this token although its time is not over.
   * @throws Unconnected, VendorError when the vendor's token endpoint has trouble, Failure 503 without credentials
   */
  async run(app: CloudApp, connectionId: string, refused?: string): Promise<AccessToken> {
    requireCredentials(app);
    for (;;) {
      const isOurs = await this.intents.declare(connectionId);
      const outcome = await this.turns.take(() =>
        this.db.transaction((sql) => this.attempt(sql, app, connectionId, isOurs, refused)),
      );
      if (outcome !== 'done-by-others') {
        if ('error' in outcome) throw outcome.error;
        return outcome.token;
      }
      const token = this.stored.usable(app, await this.stored.read(this.db, connectionId), refused);
      if (token) return token;
    }
  }

  private async attempt(
    sql: Sql,
    app: CloudApp,
    connectionId: string,
    isOurs: boolean,
    refused: string | undefined,
  ): Promise<Outcome> {
    if (!(await this.intents.hold(sql, connectionId))) return 'done-by-others';
    const row = await this.stored.read(sql, connectionId);
    let refreshToken: string;
    try {
      const token = this.stored.usable(app, row, refused);
      // Somebody was done just before we began. A refresh that was left is done again in any case.
      if (token && isOurs) return await this.closed(sql, connectionId, { token });
      refreshToken = this.stored.refreshTokenOf(app, row);
    } catch (error) {
      return this.closed(sql, connectionId, { error });
    }
    try {
      const answer = await this.endpoint.refresh(app, refreshToken);
      return await this.store(sql, app, connectionId, row!, refreshToken, answer);
    } catch (error) {
      if (error instanceof InvalidGrant) return this.rejected(sql, app, connectionId, refreshToken, isOurs, error);
      await this.intents.postpone(sql, connectionId);
      refreshes.inc({ provider: app.code, outcome: 'failed' });
      return { error };
    }
  }

  private async store(
    sql: Sql,
    app: CloudApp,
    connectionId: string,
    row: TokenRow,
    refreshToken: string,
    answer: TokenAnswer,
  ): Promise<Outcome> {
    let token = await this.stored.replace(sql, connectionId, row, answer);
    if (!token) {
      const now = await this.stored.read(sql, connectionId, { isLocked: true });
      if (now && this.stored.isStill(now, refreshToken)) {
        token = await this.stored.replace(sql, connectionId, now, answer);
      }
    }
    if (!token) return this.closed(sql, connectionId, 'done-by-others');
    refreshes.inc({ provider: app.code, outcome: 'refreshed' });
    return { token };
  }

  private async rejected(
    sql: Sql,
    app: CloudApp,
    connectionId: string,
    refreshToken: string,
    isOurs: boolean,
    cause: InvalidGrant,
  ): Promise<Outcome> {
    const now = await this.stored.read(sql, connectionId, { isLocked: true });
    if (!this.stored.isStill(now, refreshToken)) return this.closed(sql, connectionId, 'done-by-others');
    await revokeConnection(sql, connectionId, 'refresh_failed');
    refreshes.inc({ provider: app.code, outcome: isOurs ? 'rejected' : 'lost' });
    if (!isOurs)
      logger().warn({ provider: app.code, connection_id: connectionId }, 'vendor_grant_lost_by_interruption');
    const error = new Unconnected(`Refresh token rejected for ${app.code}; reconnection required`, cause);
    return this.closed(sql, connectionId, { error });
  }

  private async closed(sql: Sql, connectionId: string, outcome: Outcome): Promise<Outcome> {
    await this.intents.close(sql, connectionId);
    return outcome;
  }
}
