import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ApiKeys } from './api-keys.js';
import { Authenticator } from './authenticator.js';

/** Puts the access guard in front of every route of the application that imports it. */
@Module({
  providers: [ApiKeys, Authenticator, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [ApiKeys, Authenticator],
})
export class IdentityModule {}
