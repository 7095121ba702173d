import { Module } from '@nestjs/common';
import { IdentityModule } from '#libs/identity';
import { RedeemController } from './redeem.controller.js';
import { TokenController } from './token.controller.js';
import { UserTokensController } from './user-tokens.controller.js';

@Module({ imports: [IdentityModule], controllers: [UserTokensController, RedeemController, TokenController] })
export class SdkTokensModule {}
