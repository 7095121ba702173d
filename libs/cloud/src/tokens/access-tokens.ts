import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { counter } from '#libs/observability';
import { SecretBox } from '#libs/secrets';
import { vendorName, type CloudApp } from '../app/cloud-app.js';
import { revokeConnection } from '../connections/revoke-connection.js';
import { InvalidGrant, TokenEndpoint, type TokenAnswer } from './token-endpoint.js';
import { ACCESS_TOKEN_PURPOSE, REFRESH_TOKEN_PURPOSE, sealedTokens } from './sealed-tokens.js';
import { Unconnected } from './unconnected.js';

/** A token that ends sooner than this is not used any more. */
const MARGIN_SECONDS = 300;

export interface AccessToken {
  readonly text: string;
  /** Milliseconds since 1970; null: does not end. */
  readonly usableUntil: number | null;
}

interface TokenRow {
  readonly status: string;
  readonly access_token_encrypted: string | null;
  readonly refresh_token_encrypted: string | null;
  readonly expires_in: number | null;
}

const TOKENS = `
  SELECT status, access_token_encrypted, refresh_token_encrypted,
    extract(epoch FROM token_expires_at - now())::float8 AS expires_in
  FROM connection WHERE id = $1`;

const refreshes = counter({
  name: 'vendor_token_refreshes_total',
  help: 'Refreshed tokens by what came of it',
  labels: ['provider', 'outcome'],
});

/** Tokens of connections, always fresh. Of all who find a token too old, in all processes, one refreshes it. */
@Injectable()
export class AccessTokens {
  private readonly refreshing = new Map<string, Promise<AccessToken>>();

  constructor(
    private readonly db: Database,
    private readonly secrets: SecretBox,
    private readonly endpoint: TokenEndpoint,
  ) {}

  /**
   * A token to use now. `refused`: the vendor did not take this one, so it is replaced unless that has happened since.
   * @throws Unconnected, VendorError when the vendor's token endpoint has trouble
   */
  async get(app: CloudApp, connectionId: string, refused?: string): Promise<AccessToken> {
    const [row] = await this.db.query<TokenRow>(TOKENS, [connectionId]);
    const token = this.usable(app, row, refused);
    if (token) return token;
    const running = this.refreshing.get(connectionId);
    if (running) return running;
    const refresh = this.refreshOnce(app, connectionId, refused).finally(() => this.refreshing.delete(connectionId));
    this.refreshing.set(connectionId, refresh);
    return refresh;
  }

  /** The row's lock is held while the vendor is asked; whoever waited for it finds the new token and is done. */
  private async refreshOnce(app: CloudApp, connectionId: string, refused?: string): Promise<AccessToken> {
    const outcome = await this.db.transaction(async (sql) => {
      const [row] = await sql.query<TokenRow>(`${TOKENS} FOR NO KEY UPDATE`, [connectionId]);
      const token = this.usable(app, row, refused);
      if (token) return token;
      const refreshToken = this.refreshTokenOf(app, row);
      try {
        return await this.replace(sql, app, connectionId, await this.endpoint.refresh(app, refreshToken));
      } catch (error) {
        // The refused token is the one in the row we hold: nobody else has a newer one.
        if (!(error instanceof InvalidGrant)) throw error;
        await revokeConnection(sql, connectionId, 'refresh_failed');
        return error;
      }
    });
    if (!(outcome instanceof InvalidGrant)) return outcome;
    refreshes.inc({ provider: app.code, outcome: 'rejected' });
    throw new Unconnected(`Refresh token rejected for ${app.code}; reconnection required`, outcome);
  }

  private async replace(sql: Sql, app: CloudApp, connectionId: string, answer: TokenAnswer): Promise<AccessToken> {
    const { access, refresh } = sealedTokens(this.secrets, answer);
    await sql.query(
      `UPDATE connection SET access_token_encrypted = $2, refresh_token_encrypted = coalesce($3, refresh_token_encrypted),
         token_expires_at = now() + $4 * interval '1 second', updated_at = now() WHERE id = $1`,
      [connectionId, access, refresh, answer.expiresInSeconds],
    );
    refreshes.inc({ provider: app.code, outcome: 'refreshed' });
    return { text: answer.accessToken, usableUntil: usableUntil(answer.expiresInSeconds) };
  }

  /** The stored token when it can be used; null when it must be replaced. @throws Unconnected */
  private usable({ code }: CloudApp, row: TokenRow | undefined, refused: string | undefined): AccessToken | null {
    if (row?.status !== 'active') throw new Unconnected(`User not connected to ${code}`);
    if (row.access_token_encrypted === null) {
      throw new Unconnected(`No access token available for ${code} (SDK-based provider?)`);
    }
    if (row.expires_in !== null && row.expires_in < MARGIN_SECONDS) return null;
    const text = this.secrets.open(row.access_token_encrypted, ACCESS_TOKEN_PURPOSE);
    return text === refused ? null : { text, usableUntil: usableUntil(row.expires_in) };
  }

  private refreshTokenOf({ code }: CloudApp, row: TokenRow | undefined): string {
    if (row?.refresh_token_encrypted) return this.secrets.open(row.refresh_token_encrypted, REFRESH_TOKEN_PURPOSE);
    const isExpired = row?.expires_in !== null && row?.expires_in !== undefined && row.expires_in < MARGIN_SECONDS;
    throw new Unconnected(
      isExpired
        ? `Token expired and no refresh token available for ${code}`
        : `${vendorName(code)} authorization expired. Please re-authorize.`,
    );
  }
}

const usableUntil = (expiresInSeconds: number | null): number | null =>
  expiresInSeconds === null ? null : Date.now() + (expiresInSeconds - MARGIN_SECONDS) * 1000;
