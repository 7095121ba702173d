import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound } from '#libs/model';
import { SecretBox } from '#libs/secrets';

const LIFE_SECONDS = 900;
const CODE_VERIFIER_PURPOSE = 'oauth-state.code-verifier';
const FOREIGN_KEY_VIOLATION = '23503';

/** What a login was begun for. */
export interface OAuthState {
  readonly userId: string;
  readonly provider: string;
  readonly redirectUri: string | null;
  readonly codeVerifier: string | null;
}

/** States of logins on their way. Each is good for one callback. */
@Injectable()
export class OAuthStates {
  constructor(
    private readonly db: Database,
    private readonly secrets: SecretBox,
  ) {}

  /** Remembers a login, and forgets those that nobody finished. @throws Failure 404 `User not found` */
  async remember(state: string, { userId, provider, redirectUri, codeVerifier }: OAuthState): Promise<void> {
    const sealed = codeVerifier === null ? null : this.secrets.seal(codeVerifier, CODE_VERIFIER_PURPOSE);
    try {
      await this.db.query(
        `WITH forgotten AS (DELETE FROM oauth_state WHERE expires_at < now())
         INSERT INTO oauth_state (state_hash, user_id, provider, redirect_uri, code_verifier_encrypted, expires_at)
         VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')`,
        [hashOf(state), userId, provider, redirectUri, sealed, LIFE_SECONDS],
      );
    } catch (error) {
      if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) throw notFound('User not found');
      throw error;
    }
  }

  /** Reads a state and makes it useless, in one statement; null for one that is unknown, used or too old. */
  async consume(state: string): Promise<OAuthState | null> {
    const [row] = await this.db.query<{
      user_id: string;
      provider: string;
      redirect_uri: string | null;
      code_verifier_encrypted: string | null;
      is_alive: boolean;
    }>(
      `DELETE FROM oauth_state WHERE state_hash = $1
       RETURNING user_id, provider, redirect_uri, code_verifier_encrypted, expires_at > now() AS is_alive`,
      [hashOf(state)],
    );
    if (!row?.is_alive) return null;
    const sealed = row.code_verifier_encrypted;
    return {
      userId: row.user_id,
      provider: row.provider,
      redirectUri: row.redirect_uri,
      codeVerifier: sealed === null ? null : this.secrets.open(sealed, CODE_VERIFIER_PURPOSE),
    };
  }
}

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();
