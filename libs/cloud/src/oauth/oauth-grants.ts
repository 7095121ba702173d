import { Injectable } from '@nestjs/common';
import { logger } from '#libs/observability';
import type { CloudApp } from '../app/cloud-app.js';
import { TokenEndpoint } from '../tokens/token-endpoint.js';
import { AccountLookups } from './account-lookup.js';
import { ConnectionOpener } from './connection-opener.js';
import { OAuthCalls } from './oauth-calls.js';
import type { OAuthState } from './oauth-states.js';

/** Turns a code into a connection. */
@Injectable()
export class OAuthGrants {
  constructor(
    private readonly endpoint: TokenEndpoint,
    private readonly accounts: AccountLookups,
    private readonly opener: ConnectionOpener,
    private readonly calls: OAuthCalls,
  ) {}

  /** Id of the connection. @throws VendorError, Failure */
  async redeem(app: CloudApp, { userId, codeVerifier }: OAuthState, code: string): Promise<string> {
    const token = await this.endpoint.exchange(app, code, codeVerifier);
    const account = await this.accounts.find(app, token, userId);
    const { afterToken } = app.cloud.oauth;
    if (afterToken && account.id !== null) {
      await this.calls
        .make(app, afterToken, { accessToken: token.accessToken, providerUserId: account.id, userId })
        .catch((error: unknown) => logger().warn({ provider: app.code, error }, 'oauth_after_token_failed'));
    }
    return this.opener.open(app, userId, token, account);
  }
}
