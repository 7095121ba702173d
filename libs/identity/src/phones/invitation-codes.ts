import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, type Sql } from '#libs/database';
import { notFound } from '#libs/model';
import { SigningKeys } from '../access/signing-keys.js';
import { daysAfter } from '../sessions/lifetimes.js';
import type { TokenPair } from '../sessions/session.js';
import { Sessions } from '../sessions/sessions.service.js';
import { newPairingCode } from './pairing-code.js';

/** A code with which a phone becomes a user's; `code` is readable in this answer only. */
export interface InvitationCodeView {
  id: string;
  code: string;
  user_id: string;
  expires_at: string;
  created_at: string;
}

/** Codes that a developer shows and a phone redeems, once. */
@Injectable()
export class InvitationCodes {
  constructor(
    private readonly db: Database,
    private readonly keys: SigningKeys,
    private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'userInvitationCodeDays'>,
  ) {}

  /**
   * A new code for a user; those before end.
   * @throws Failure 404
   */
  async generate(userId: string, developerId: string, now: Date): Promise<InvitationCodeView> {
    return this.db.transaction(async (sql) => {
      const [user] = await sql.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
      if (!user) throw notFound(`User with ID: ${userId} not found.`);
      await sql.query(
        `UPDATE user_invitation_code SET revoked_at = $2
         WHERE user_id = $1 AND redeemed_at IS NULL AND revoked_at IS NULL`,
        [userId, now.toISOString()],
      );
      for (;;) {
        const made = await this.insert(sql, newPairingCode(), userId, developerId, now);
        if (made) return made;
      }
    });
  }

  /**
   * Opens a session of the code's user. Of several who redeem it at once one succeeds.
   * @param code in any case
   * @throws Failure 404 when the code is unknown, used, revoked or expired
   */
  async redeem(code: string, now: Date): Promise<TokenPair & { user_id: string }> {
    const hashes = this.keys.hashes('invitation-code', code.toUpperCase());
    const redeemed = await this.db.transaction(async (sql) => {
      const [row] = await sql.query<{ user_id: string; created_by: string | null }>(
        `UPDATE user_invitation_code SET redeemed_at = $2
         WHERE code_hash = ANY ($1) AND redeemed_at IS NULL AND revoked_at IS NULL AND expires_at > $2
         RETURNING user_id, created_by`,
        [hashes, now.toISOString()],
      );
      if (!row) return null;
      const userId = row.user_id;
      const appId = `invite:${row.created_by ?? ''}`;
      // The phone stays paired when the developer who showed the code leaves.
      const owner = { kind: 'sdk', userId, appId, applicationId: null, developerId: null } as const;
      return { ...(await this.sessions.open(owner, now, sql)), user_id: userId };
    });
    if (!redeemed) throw notFound('Invalid or expired invitation code');
    return redeemed;
  }

  /** Null when another code with the same text exists. */
  private async insert(
    sql: Sql,
    code: string,
    userId: string,
    developerId: string,
    now: Date,
  ): Promise<InvitationCodeView | null> {
    const [hash] = this.keys.hashes('invitation-code', code);
    const [row] = await sql.query<InvitationCodeView>(
      `INSERT INTO user_invitation_code (id, code_hash, user_id, created_by, expires_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code_hash) DO NOTHING
       RETURNING id, user_id, expires_at, created_at`,
      [
        randomUUID(),
        hash,
        userId,
        developerId,
        daysAfter(now, this.config.userInvitationCodeDays)!.toISOString(),
        now.toISOString(),
      ],
    );
    return row ? { ...row, code } : null;
  }
}
