import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { badRequest, Failure, notFound } from '#libs/model';
import { Applications } from '../applications/applications.service.js';
import type { SessionOwner, TokenPair } from '../sessions/session.js';
import { Sessions } from '../sessions/sessions.service.js';

/** Who asks for a phone's tokens: an application by its credentials, or a developer. */
export interface Minter {
  readonly appId: string | null;
  readonly appSecret: string | null;
  readonly developerId: string | null;
}

/** Tokens with which the phone of one user uploads. */
@Injectable()
export class UserTokens {
  constructor(
    private readonly db: Database,
    private readonly applications: Applications,
    private readonly sessions: Sessions,
  ) {}

  /** @throws Failure 400 without credentials, 401 with wrong ones, 404 `User not found` */
  async mint(userId: string, minter: Minter, now: Date): Promise<TokenPair> {
    const owner = await this.ownerOf(userId, minter);
    return this.db.transaction(async (sql) => {
      const [user] = await sql.query('SELECT FROM users WHERE id = $1 FOR KEY SHARE', [userId]);
      if (!user) throw notFound('User not found');
      return this.sessions.open(owner, now, sql);
    });
  }

  private async ownerOf(userId: string, { appId, appSecret, developerId }: Minter): Promise<SessionOwner> {
    if (appId && appSecret) {
      const application = await this.applications.recognise(appId, appSecret);
      if (!application) throw new Failure(401, 'Invalid app credentials');
      return { kind: 'sdk', userId, appId: application.app_id, applicationId: application.id, developerId: null };
    }
    if (developerId !== null) {
      return { kind: 'sdk', userId, appId: `admin:${developerId}`, applicationId: null, developerId };
    }
    throw badRequest('Either app credentials (app_id, app_secret) or admin authentication (Bearer token) is required');
  }
}
