import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MailModule } from '#libs/mail';
import { AccessGuard } from './access/access.guard.js';
import { AccessTokens } from './access/access-tokens.js';
import { Admission } from './access/admission.js';
import { Authenticator } from './access/authenticator.js';
import { SigningKeys } from './access/signing-keys.js';
import { Applications } from './applications/applications.service.js';
import { Developers } from './developers/developers.service.js';
import { DevelopersRepository } from './developers/developers.repository.js';
import { ForgottenPasswords } from './developers/forgotten-passwords.js';
import { Logins } from './developers/logins.js';
import { PasswordResets } from './developers/password-resets.js';
import { PasswordHasher } from './developers/passwords.js';
import { ApiKeys } from './keys/api-keys.js';
import { ApiKeysRepository } from './keys/api-keys.repository.js';
import { InvitationCodes } from './phones/invitation-codes.js';
import { UserTokens } from './phones/user-tokens.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { Sessions } from './sessions/sessions.service.js';
import { InvitationMail } from './team/invitation-mail.js';
import { Joining } from './team/joining.js';
import { TeamInvitations } from './team/team-invitations.service.js';
import { TeamInvitationsRepository } from './team/team-invitations.repository.js';

const OF_MAILS = [
  DevelopersRepository,
  SessionsRepository,
  PasswordHasher,
  PasswordResets,
  InvitationMail,
  TeamInvitationsRepository,
];

/** What the mails to developers need; for the worker that sends them. */
@Module({ imports: [MailModule], providers: OF_MAILS, exports: [MailModule, ...OF_MAILS] })
export class IdentityMailModule {}

const PUBLIC_FACE = [
  Admission,
  ApiKeys,
  Applications,
  Developers,
  ForgottenPasswords,
  InvitationCodes,
  Joining,
  Logins,
  Sessions,
  TeamInvitations,
  UserTokens,
];

/** Puts the access guard in front of every route of the application that imports it. */
@Module({
  imports: [IdentityMailModule],
  providers: [
    ...PUBLIC_FACE,
    SigningKeys,
    AccessTokens,
    ApiKeysRepository,
    Authenticator,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [...PUBLIC_FACE, IdentityMailModule],
})
export class IdentityModule {}
