import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { Mailer } from '#libs/mail';
import { badRequest } from '#libs/model';
import { logger } from '#libs/observability';
import { newLinkToken, secretHash } from '../keys/secret-text.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { DevelopersRepository } from './developers.repository.js';
import { checkedPassword, PasswordHasher } from './passwords.js';

const VALID_MINUTES = 60;

/** Links to set a new password, for developers who forgot theirs. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly db: Database,
    private readonly developers: DevelopersRepository,
    private readonly sessions: SessionsRepository,
    private readonly hasher: PasswordHasher,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'frontendUrl'>,
  ) {}

  /**
   * Makes a link, which ends the one before, and mails it. Without a mail server it is logged, for the operator alone
   * to hand over. Run again, it sends a new link.
   */
  async send(developerId: string, now: Date): Promise<void> {
    const developer = await this.developers.byId(developerId);
    if (!developer) return;
    const token = newLinkToken();
    await this.db.query(
      `INSERT INTO password_reset (token_hash, developer_id, expires_at, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (developer_id) DO UPDATE
         SET token_hash = excluded.token_hash, expires_at = excluded.expires_at, created_at = excluded.created_at`,
      [
        secretHash(token),
        developerId,
        new Date(now.getTime() + VALID_MINUTES * 60_000).toISOString(),
        now.toISOString(),
      ],
    );
    const link = `${this.config.frontendUrl}/reset-password?token=${token}`;
    const text = `Somebody, probably you, wants to set a new password for ${developer.email}.\n\n${link}\n\nThe link works once, for ${VALID_MINUTES} minutes. If it was not you, there is nothing to do.\n`;
    const outcome = await this.mailer.send({ to: developer.email, subject: 'Set a new password', text });
    if (outcome === 'not-configured') logger().warn({ link }, 'password_reset_link');
  }

  /**
   * Sets a new password with the token of a link, which is used up, and ends all sessions.
   * @throws Failure 400
   */
  async reset(token: string, newPassword: string, now: Date): Promise<void> {
    checkedPassword(newPassword);
    const hash = secretHash(token);
    const valid = [hash, now.toISOString()];
    const [known] = await this.db.query('SELECT FROM password_reset WHERE token_hash = $1 AND expires_at > $2', valid);
    if (!known) throw invalid();
    const passwordHash = await this.hasher.hash(newPassword);
    await this.db.transaction(async (sql) => {
      const [used] = await sql.query<{ developer_id: string }>(
        'DELETE FROM password_reset WHERE token_hash = $1 AND expires_at > $2 RETURNING developer_id',
        valid,
      );
      if (!used) throw invalid();
      const id = used.developer_id;
      await this.developers.update(sql, id, { firstName: null, lastName: null, email: null, passwordHash });
      await this.sessions.revokeOfDeveloper(sql, id, now);
    });
  }
}

const invalid = (): Error => badRequest('Invalid or expired reset link');
