import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public, Sessions } from '#libs/identity';
import { StrictLimit } from '#libs/rate-limits';
import { TokenAnswer } from '../auth/token.dto.js';
import { Answer, Operation } from '../http/answer.js';
import { RefreshTokenBody } from './sdk-tokens.dto.js';

@ApiTags('External: Token')
@Controller('token')
@Public()
export class TokenController {
  constructor(private readonly sessions: Sessions) {}

  @Post('refresh')
  @StrictLimit('refresh')
  @Operation(
    'refresh_token',
    'A new pair. The old refresh token is used up; whoever lost the answer may ask once more within a minute. ' +
      'Any later use ends the session.',
  )
  @Answer(TokenAnswer)
  refresh(@Body() { refreshToken }: RefreshTokenBody): Promise<TokenAnswer> {
    return this.sessions.refresh(refreshToken, new Date());
  }

  @Post('revoke')
  @StrictLimit('refresh')
  @Operation('revoke_refresh_token', 'Ends the session that the refresh token belongs to.')
  @Answer(null, 204)
  revoke(@Body() { refreshToken }: RefreshTokenBody): Promise<void> {
    return this.sessions.revoke(refreshToken, new Date());
  }
}
