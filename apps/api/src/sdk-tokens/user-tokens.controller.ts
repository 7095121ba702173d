import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ApplicationAccess,
  DeveloperAccess,
  InvitationCodes,
  UserTokens,
  type DeveloperPrincipal,
} from '#libs/identity';
import { StrictLimit } from '#libs/rate-limits';
import { TokenAnswer } from '../auth/token.dto.js';
import { Answer, Operation } from '../http/answer.js';
import { Caller, CallerIfDeveloper } from '../http/caller.js';
import { UserPath } from '../http/paths.dto.js';
import { InvitationCodeAnswer, UserTokenBody } from './sdk-tokens.dto.js';

@ApiTags('External: Mobile SDK')
@Controller('users/:user_id')
export class UserTokensController {
  constructor(
    private readonly tokens: UserTokens,
    private readonly codes: InvitationCodes,
  ) {}

  @Post('token')
  @ApplicationAccess()
  @StrictLimit('token')
  @Operation(
    'create_user_token',
    "Tokens for a phone of the user: with an application's credentials, or for a developer.",
  )
  @Answer(TokenAnswer)
  token(
    @Param() { userId }: UserPath,
    @Body() { appId = null, appSecret = null }: UserTokenBody,
    @CallerIfDeveloper() developer: DeveloperPrincipal | null,
  ): Promise<TokenAnswer> {
    return this.tokens.mint(userId, { appId, appSecret, developerId: developer?.id ?? null }, new Date());
  }

  @Post('invitation-code')
  @DeveloperAccess()
  @Operation('generate_invitation_code', 'A code that the user types into the app; earlier unused ones end.')
  @Answer(InvitationCodeAnswer, 201)
  code(@Param() { userId }: UserPath, @Caller() { id }: DeveloperPrincipal): Promise<InvitationCodeAnswer> {
    return this.codes.generate(userId, id, new Date());
  }
}
