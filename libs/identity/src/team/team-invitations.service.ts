import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Mailer } from '#libs/mail';
import { badRequest, notFound, type Failure } from '#libs/model';
import { logger } from '#libs/observability';
import { JobQueue } from '#libs/queue';
import { DevelopersRepository } from '../developers/developers.repository.js';
import { EMAIL_TAKEN } from '../developers/developers.service.js';
import { newLinkToken, secretHash } from '../keys/secret-text.js';
import { daysAfter } from '../sessions/lifetimes.js';
import { invitationLink } from './invitation-mail.js';
import type { InvitationView } from './team-invitation.js';
import { OPEN, TeamInvitationsRepository } from './team-invitations.repository.js';
import { Database } from '#libs/database';

const PENDING_EXISTS = 'A pending invitation already exists for this email';
const UNIQUE_VIOLATION = '23505';

/** Inviting colleagues by mail; without a mail server the inviter passes the link on. */
@Injectable()
export class TeamInvitations {
  constructor(
    private readonly db: Database,
    private readonly rows: TeamInvitationsRepository,
    private readonly developers: DevelopersRepository,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'frontendUrl' | 'invitationDays'>,
  ) {}

  /** Those that may still be accepted or sent again, newest first; without their tokens. */
  list(): Promise<InvitationView[]> {
    return this.rows.open();
  }

  /** @throws Failure 400 when the address has a developer or an open invitation */
  async invite(email: string, invitedBy: string, now: Date): Promise<InvitationView> {
    if (await this.developers.login(email)) throw badRequest(EMAIL_TAKEN);
    const token = newLinkToken();
    const expiresAt = daysAfter(now, this.config.invitationDays)!;
    const row = { id: randomUUID(), email, tokenHash: secretHash(token), invitedBy, expiresAt, now };
    const invitation = await this.rows.insert(row);
    if (!invitation) throw badRequest(PENDING_EXISTS);
    return this.deliver(invitation, token);
  }

  /**
   * Sends an open invitation again, with a new token and a new term.
   * @throws Failure 404, or 400 when it is not open or the address has another one that is
   */
  async resend(id: string, now: Date): Promise<InvitationView> {
    const token = newLinkToken();
    try {
      const invitation = await this.rows.renew(id, secretHash(token), daysAfter(now, this.config.invitationDays)!);
      if (invitation) return await this.deliver(invitation, token);
    } catch (error) {
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) throw badRequest(PENDING_EXISTS);
      throw error;
    }
    throw await this.notOpen(id, 'resend');
  }

  /** @throws Failure 404, or 400 when it is not open */
  async revoke(id: string): Promise<InvitationView> {
    const invitation = await this.rows.move(this.db, id, OPEN, 'revoked');
    if (!invitation) throw await this.notOpen(id, 'revoke');
    return invitation;
  }

  /** By mail, or else to the inviter and, once, to the operator's log. */
  private async deliver(invitation: InvitationView, token: string): Promise<InvitationView> {
    if (this.mailer.isConfigured) {
      await this.jobs.add('mail.invitation', { invitationId: invitation.id });
      return invitation;
    }
    logger().warn({ link: invitationLink(this.config.frontendUrl, token) }, 'team_invitation_link');
    return { ...invitation, token };
  }

  private async notOpen(id: string, verb: 'resend' | 'revoke'): Promise<Failure> {
    const invitation = await this.rows.byId(id);
    if (!invitation) return notFound('Invitation not found');
    return badRequest(`Cannot ${verb} invitation with status: ${invitation.status}`);
  }
}
