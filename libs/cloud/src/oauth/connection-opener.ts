import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, type Sql } from '#libs/database';
import { announce } from '#libs/ingest';
import { notFound } from '#libs/model';
import { SecretBox } from '#libs/secrets';
import type { CloudApp } from '../app/cloud-app.js';
import { sealedTokens } from '../tokens/sealed-tokens.js';
import type { TokenAnswer } from '../tokens/token-endpoint.js';
import type { Account } from './account-lookup.js';

interface Opened {
  readonly id: string;
  readonly updated_at: string;
  readonly was_active: boolean;
  readonly is_other_account: boolean;
}

/** An unknown account never overwrites a known one. */
const OPEN = `
  INSERT INTO connection AS c (id, user_id, provider, provider_user_id, provider_username, access_token_encrypted,
    refresh_token_encrypted, token_expires_at, scope, status)
  VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 second', $9, 'active')
  ON CONFLICT (user_id, provider) DO UPDATE SET status = 'active', revoked_at = NULL, updated_at = now(),
    provider_user_id = coalesce($4, c.provider_user_id),
    provider_username = CASE WHEN $4 IS NULL THEN coalesce($5, c.provider_username)
      WHEN $4 IS DISTINCT FROM c.provider_user_id THEN $5 ELSE coalesce($5, c.provider_username) END,
    access_token_encrypted = $6,
    refresh_token_encrypted = coalesce($7, CASE WHEN $4 IS NULL OR $4 = c.provider_user_id THEN c.refresh_token_encrypted END),
    token_expires_at = excluded.token_expires_at, scope = coalesce($9, c.scope)
  RETURNING c.id, c.updated_at, coalesce(old.status = 'active', false) AS was_active,
    old.id IS NOT NULL AND $4 IS NOT NULL AND old.provider_user_id IS DISTINCT FROM $4 AS is_other_account`;

/**
 * Live data is wanted from now on; what lies before is a history, when the installation fetches one. Answers that are
 * under way are from before, perhaps of another account: they count as overtaken.
 */
const SCHEDULE = `
  INSERT INTO connection_sync (connection_id, live_from, next_pull_at, history_due)
  VALUES ($1, now(), now() + random() * $2 * interval '1 second', $3)
  ON CONFLICT (connection_id) DO UPDATE SET live_from = excluded.live_from, next_pull_at = excluded.next_pull_at,
    history_due = excluded.history_due, stored_version = connection_sync.stored_version + 1`;

/** Stores what a login brought. */
@Injectable()
export class ConnectionOpener {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly db: Database,
    private readonly secrets: SecretBox,
  ) {}

  /**
   * Makes the user's connection to the provider active with these tokens, plans its pulls and announces
   * `connection.created` when it was not active before; all in one transaction.
   * @throws Failure 404 when the user is gone
   */
  async open(app: CloudApp, userId: string, token: TokenAnswer, account: Account): Promise<string> {
    return this.db.transaction(async (sql) => {
      const [user] = await sql.query<{ id: string; key: number }>(
        'SELECT id, key FROM users WHERE id = $1 FOR KEY SHARE',
        [userId],
      );
      if (!user) throw notFound('User not found');
      const opened = await this.store(sql, app, userId, token, account);
      await this.plan(sql, app, opened);
      if (!opened.was_active) {
        const payload = { provider: app.code, connectionId: opened.id, connectedAt: opened.updated_at };
        await announce(sql, user, [{ kind: 'connection.created', payload }]);
      }
      return opened.id;
    });
  }

  private async store(sql: Sql, app: CloudApp, userId: string, token: TokenAnswer, account: Account): Promise<Opened> {
    const { access, refresh } = sealedTokens(this.secrets, token);
    const [opened] = await sql.query<Opened>(OPEN, [
      randomUUID(),
      userId,
      app.code,
      account.id,
      account.username,
      access,
      refresh,
      token.expiresInSeconds,
      account.scope ?? token.scope,
    ]);
    return opened!;
  }

  private async plan(sql: Sql, app: CloudApp, { id, is_other_account }: Opened): Promise<void> {
    const { restPull } = app.strategy.capabilities;
    // What was fetched and remembered belongs to the account that was connected then.
    await sql.query('DELETE FROM sync_cursor WHERE connection_id = $1', [id]);
    if (is_other_account) await sql.query('DELETE FROM connection_zone WHERE connection_id = $1', [id]);
    await sql.query(SCHEDULE, [id, this.config.syncIntervalSeconds, restPull && this.config.historicalSyncOnConnect]);
    await sql.query('UPDATE connection SET last_synced_at = now() WHERE id = $1', [id]);
  }
}
