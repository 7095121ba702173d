import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { badRequest, notFound } from '#libs/model';
import type { DeveloperView } from '../developers/developer.js';
import { DevelopersRepository } from '../developers/developers.repository.js';
import { EMAIL_TAKEN, emailTaken } from '../developers/developers.service.js';
import { checkedPassword, PasswordHasher } from '../developers/passwords.js';
import { secretHash } from '../keys/secret-text.js';
import type { Acceptance, InvitationView } from './team-invitation.js';
import { TeamInvitationsRepository } from './team-invitations.repository.js';

/** Accepting an invitation to the team. */
@Injectable()
export class Joining {
  constructor(
    private readonly db: Database,
    private readonly invitations: TeamInvitationsRepository,
    private readonly developers: DevelopersRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Makes a developer of whoever holds the token; it works once.
   * @throws Failure 404 `Invitation not found`, 400 when it is over or the address has a developer meanwhile
   */
  async accept({ token, firstName, lastName, password }: Acceptance, now: Date): Promise<DeveloperView> {
    checkedPassword(password);
    const hash = secretHash(token);
    // Only who holds a token that is good costs us a hash.
    await this.db.transaction(async (sql) => assertOpen(await this.invitations.lockByToken(sql, hash)));
    const passwordHash = await this.hasher.hash(password);
    try {
      const outcome = await this.db.transaction(async (sql) => {
        const invitation = assertOpen(await this.invitations.lockByToken(sql, hash));
        const isExpired = Date.parse(invitation.expires_at) <= now.getTime();
        await this.invitations.move(sql, invitation.id, ['pending', 'sent'], isExpired ? 'expired' : 'accepted');
        if (isExpired) return null;
        const person = { id: randomUUID(), email: invitation.email, passwordHash, firstName, lastName };
        return this.developers.insert(sql, person);
      });
      if (!outcome) throw badRequest('Invitation has expired');
      return outcome;
    } catch (error) {
      throw emailTaken(error) ? badRequest(EMAIL_TAKEN) : error;
    }
  }
}

function assertOpen(invitation: InvitationView | null): InvitationView {
  if (!invitation) throw notFound('Invitation not found');
  if (invitation.status !== 'pending' && invitation.status !== 'sent') {
    throw badRequest(`Invitation is ${invitation.status}`);
  }
  return invitation;
}
