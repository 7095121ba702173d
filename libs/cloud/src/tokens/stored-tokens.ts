import { Injectable } from '@nestjs/common';
import { plannedOnce, type Sql } from '#libs/database';
import { SecretBox } from '#libs/secrets';
import { vendorName, type CloudApp } from '../app/cloud-app.js';
import { ACCESS_TOKEN_PURPOSE, REFRESH_TOKEN_PURPOSE, sealedTokens } from './sealed-tokens.js';
import type { TokenAnswer } from './token-endpoint.js';
import { Unconnected } from './unconnected.js';

/** A token that ends sooner than this is not used any more. */
const MARGIN_SECONDS = 300;

export interface AccessToken {
  readonly text: string;
  /** Milliseconds since 1970; null: does not end. */
  readonly usableUntil: number | null;
}

export interface TokenRow {
  readonly status: string;
  readonly access_token_encrypted: string | null;
  readonly refresh_token_encrypted: string | null;
  readonly expires_in: number | null;
}

const TOKENS = plannedOnce(`
  SELECT status, access_token_encrypted, refresh_token_encrypted,
    extract(epoch FROM token_expires_at - now())::float8 AS expires_in
  FROM connection WHERE id = $1`);

/** Also the end of the refresh, so that there is nothing between the vendor's answer and the commit but this. */
const REPLACE = `
  WITH stored AS (
    UPDATE connection SET access_token_encrypted = $3, refresh_token_encrypted = coalesce($4, refresh_token_encrypted),
      token_expires_at = now() + $5 * interval '1 second', updated_at = now()
    WHERE id = $1 AND refresh_token_encrypted = $2 AND status = 'active' RETURNING id
  ), done AS (
    DELETE FROM token_refresh WHERE connection_id IN (SELECT id FROM stored)
  )
  SELECT FROM stored`;

/** The tokens in a connection's row. */
@Injectable()
export class StoredTokens {
  constructor(private readonly secrets: SecretBox) {}

  async read(sql: Sql, connectionId: string, { isLocked = false } = {}): Promise<TokenRow | undefined> {
    const [row] = await sql.query<TokenRow>(isLocked ? `${TOKENS} FOR NO KEY UPDATE` : TOKENS, [connectionId]);
    return row;
  }

  /** The stored token when it can be used; null when it must be replaced. @throws Unconnected */
  usable({ code }: CloudApp, row: TokenRow | undefined, refused: string | undefined): AccessToken | null {
    if (row?.status !== 'active') throw new Unconnected(`User not connected to ${code}`);
    if (row.access_token_encrypted === null) {
      throw new Unconnected(`No access token available for ${code} (SDK-based provider?)`);
    }
    if (row.expires_in !== null && row.expires_in < MARGIN_SECONDS) return null;
    const text = this.secrets.open(row.access_token_encrypted, ACCESS_TOKEN_PURPOSE);
    return text === refused ? null : { text, usableUntil: usableUntil(row.expires_in) };
  }

  /** @throws Unconnected without one */
  refreshTokenOf({ code }: CloudApp, row: TokenRow | undefined): string {
    if (row?.refresh_token_encrypted) return this.secrets.open(row.refresh_token_encrypted, REFRESH_TOKEN_PURPOSE);
    const isExpired = row?.expires_in !== null && row?.expires_in !== undefined && row.expires_in < MARGIN_SECONDS;
    throw new Unconnected(
      isExpired
        ? `Token expired and no refresh token available for ${code}`
        : `${vendorName(code)} authorization expired. Please re-authorize.`,
    );
  }

  /** Whether this is still the refresh token of the row, under whatever key it may be sealed by now. */
  isStill(row: TokenRow | undefined, refreshToken: string): boolean {
    const sealed = row?.status === 'active' ? row.refresh_token_encrypted : null;
    return sealed !== null && this.secrets.open(sealed, REFRESH_TOKEN_PURPOSE) === refreshToken;
  }

  /** Stores new tokens in the place of those in `row`; null when they are not there any more. */
  async replace(sql: Sql, connectionId: string, row: TokenRow, answer: TokenAnswer): Promise<AccessToken | null> {
    const { access, refresh } = sealedTokens(this.secrets, answer);
    const old = row.refresh_token_encrypted;
    const stored = await sql.query(REPLACE, [connectionId, old, access, refresh, answer.expiresInSeconds]);
    return stored.length === 0 ? null : { text: answer.accessToken, usableUntil: usableUntil(answer.expiresInSeconds) };
  }
}

const usableUntil = (expiresInSeconds: number | null): number | null =>
  expiresInSeconds === null ? null : Date.now() + (expiresInSeconds - MARGIN_SECONDS) * 1000;
