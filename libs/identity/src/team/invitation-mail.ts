import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { Mailer } from '#libs/mail';
import { newLinkToken, secretHash } from '../keys/secret-text.js';
import { TeamInvitationsRepository } from './team-invitations.repository.js';

/** The link under which an invitation is accepted. */
export const invitationLink = (frontendUrl: string, token: string): string =>
  `${frontendUrl}/accept-invite?token=${token}`;

/** Sends invitations. The token is made when the mail is, so that it is written down nowhere else. */
@Injectable()
export class InvitationMail {
  constructor(
    private readonly db: Database,
    private readonly rows: TeamInvitationsRepository,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'frontendUrl'>,
  ) {}

  /**
   * Mails a pending invitation; one that is no longer pending is left alone.
   * @param isLastTry when this fails too, the invitation has failed
   * @throws MailError when the server does not take it
   */
  async send(invitationId: string, isLastTry: boolean): Promise<void> {
    const token = newLinkToken();
    const invitation = await this.rows.giveToken(invitationId, secretHash(token));
    if (!invitation) return;
    const link = invitationLink(this.config.frontendUrl, token);
    const text = `You have been invited to administer a wearables platform.\n\n${link}\n\nThe link works once, until ${invitation.expires_at}.\n`;
    try {
      const outcome = await this.mailer.send({ to: invitation.email, subject: 'Invitation', text });
      if (outcome === 'sent') await this.rows.move(this.db, invitationId, ['pending'], 'sent');
    } catch (error) {
      if (isLastTry) await this.rows.move(this.db, invitationId, ['pending'], 'failed');
      throw error;
    }
  }
}
