import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#libs/config';
import { Database, type Sql } from '#libs/database';
import { Failure, notFound } from '#libs/model';
import { AccessTokens } from '../access/access-tokens.js';
import { newRefreshToken, secretHash } from '../keys/secret-text.js';
import { daysAfter, lifetimesOf, type LifetimeSettings } from './lifetimes.js';
import { decideRefresh } from './refresh-decision.js';
import type { SessionOwner, TokenPair } from './session.js';
import { SessionsRepository, type RefreshRow, type SessionRow } from './sessions.repository.js';

/** Sessions of developers and phones: opened once, refreshed by rotation, ended for good. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: Database,
    private readonly rows: SessionsRepository,
    private readonly tokens: AccessTokens,
    @Inject(CONFIG) private readonly lifetimes: LifetimeSettings,
  ) {}

  /** Opens a session, in a transaction of the caller's when `sql` is one. The tokens are in this answer only. */
  async open(owner: SessionOwner, now: Date, sql: Sql = this.db): Promise<TokenPair> {
    const id = randomUUID();
    const { sessionDays } = lifetimesOf(owner.kind, this.lifetimes);
    await this.rows.insert(sql, id, owner, now, daysAfter(now, sessionDays));
    return this.issue(sql, id, owner, now);
  }

  /**
   * A new pair for a refresh token, which is used up by it. Who uses one again after the short grace for lost answers
   * ends the whole session: one of the two holds a stolen token.
   * @param arrivedAt when the request came in; `now` of everything it does
   * @throws Failure 401
   */
  async refresh(refreshToken: string, arrivedAt: Date): Promise<TokenPair> {
    const hash = secretHash(refreshToken);
    const clock = clockFrom(arrivedAt);
    const pair = await this.db.transaction(async (sql) => {
      const token = await this.rows.lockToken(sql, hash);
      return token && this.refreshLocked(sql, hash, token, arrivedAt, clock);
    });
    if (pair === null) throw refused();
    return pair;
  }

  /**
   * Ends the session of a refresh token.
   * @throws Failure 404 when there is none, or the token was used up or revoked before
   */
  async revoke(refreshToken: string, now: Date): Promise<void> {
    const isRevoked = await this.db.transaction(async (sql) => {
      const token = await this.rows.lockToken(sql, secretHash(refreshToken));
      if (!token || token.revoked_at !== null || token.rotated_at !== null) return false;
      await this.rows.revoke(sql, token.id, now);
      return true;
    });
    if (!isRevoked) throw notFound('Refresh token not found');
  }

  /** Ends one session by its id. */
  end(sessionId: string, now: Date): Promise<void> {
    return this.rows.revoke(this.db, sessionId, now);
  }

  private async refreshLocked(
    sql: Sql,
    hash: Buffer,
    token: RefreshRow,
    arrivedAt: Date,
    clock: () => Date,
  ): Promise<TokenPair | null> {
    switch (decideRefresh(token, arrivedAt)) {
      case 'over':
      case 'race':
        return null;
      case 'reuse':
        await this.rows.revoke(sql, token.id, arrivedAt);
        return null;
      case 'repeat':
        await this.rows.mark(sql, hash, 'repeated_at', arrivedAt);
        break;
      case 'rotate':
        // Now that the lock is held, not the arrival: whoever came in meanwhile is racing.
        await this.rows.mark(sql, hash, 'rotated_at', clock());
    }
    await this.rows.touch(sql, token.id, arrivedAt);
    return this.issue(sql, token.id, ownerOf(token), arrivedAt);
  }

  private async issue(sql: Sql, id: string, owner: SessionOwner, now: Date): Promise<TokenPair> {
    const refreshToken = newRefreshToken();
    const { idleDays } = lifetimesOf(owner.kind, this.lifetimes);
    await this.rows.insertToken(sql, secretHash(refreshToken), id, now, daysAfter(now, idleDays));
    const accessToken =
      owner.kind === 'developer'
        ? this.tokens.developer(owner.developerId, id, now)
        : this.tokens.sdk(owner.userId, owner.appId, id, now);
    return {
      access_token: accessToken,
      token_type: 'bearer',
      refresh_token: refreshToken,
      expires_in: this.tokens.lifeSeconds,
    };
  }
}

/** A clock that stood at `start` when this was called. */
function clockFrom(start: Date): () => Date {
  const startedMs = performance.now();
  return () => new Date(start.getTime() + Math.ceil(performance.now() - startedMs));
}

/** The table's own check says which columns are filled. */
function ownerOf(row: SessionRow): SessionOwner {
  if (row.kind === 'developer') return { kind: 'developer', developerId: row.developer_id! };
  return {
    kind: 'sdk',
    userId: row.user_id!,
    appId: row.app_id ?? '',
    applicationId: row.application_id,
    developerId: row.developer_id,
  };
}

const refused = (): Failure =>
  new Failure(401, 'Invalid or revoked refresh token', { headers: { 'WWW-Authenticate': 'Bearer' } });
