import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { AccessTokens } from './access/access-tokens.js';
import { Admission } from './access/admission.js';
import { Authenticator } from './access/authenticator.js';
import { SigningKeys } from './access/signing-keys.js';
import { ApiKeys } from './keys/api-keys.js';
import { ApiKeysRepository } from './keys/api-keys.repository.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { Sessions } from './sessions/sessions.service.js';

/** Puts the access guard in front of every route of the application that imports it. */
@Module({
  providers: [
    SigningKeys,
    AccessTokens,
    ApiKeys,
    ApiKeysRepository,
    Sessions,
    SessionsRepository,
    Authenticator,
    Admission,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeys, Sessions, Admission],
})
export class IdentityModule {}
