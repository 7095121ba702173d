import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { OAuthFlow } from '#libs/cloud';
import { Public } from '#libs/identity';
import type { ConnectableProvider } from '#libs/model';
import { ProviderDesk } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { connectable } from '../http/paths.dto.js';
import {
  AuthorizeAnswer,
  AuthorizeQuery,
  CallbackQuery,
  ConnectedAnswer,
  ErrorQuery,
  NotConnectedAnswer,
  ProviderPath,
  SuccessQuery,
} from './oauth.dto.js';

const NOT_CONFIGURED = { 503: 'The credentials of the provider are not set' };

@ApiTags('External: OAuth')
@Controller('oauth')
@Public()
export class OAuthController {
  constructor(
    private readonly flow: OAuthFlow,
    private readonly desk: ProviderDesk,
  ) {}

  @Get('success')
  @Operation('oauth_success')
  @Answer(ConnectedAnswer)
  success(@Query() { provider, userId }: SuccessQuery): ConnectedAnswer {
    return { success: true, message: `Successfully connected to ${provider}`, user_id: userId, provider };
  }

  @Get('error')
  @Operation('oauth_error')
  @Answer(NotConnectedAnswer)
  error(@Query() { message }: ErrorQuery): NotConnectedAnswer {
    return { success: false, message };
  }

  @Get(':provider/authorize')
  @Operation('authorize_provider', 'Begins a login at the vendor; send the user to `authorization_url`.')
  @Answer(AuthorizeAnswer, 200, { errors: NOT_CONFIGURED })
  authorize(@Param() { provider }: ProviderPath, @Query() query: AuthorizeQuery): Promise<AuthorizeAnswer> {
    return this.flow.begin(connectable(provider), query.userId, query.redirectUri ?? null);
  }

  @Get('callback/sensorbio')
  @Operation('oauth_callback_sensorbio', 'Another address of the callback of Sensor Bio.')
  @Answer(null, 303)
  sensorbio(@Query() query: CallbackQuery, @Res({ passthrough: true }) response: Response): Promise<void> {
    return this.finish('sensorbio', query, response);
  }

  @Get(':provider/callback')
  @Operation('oauth_callback', 'Where the vendor sends the user back to.')
  @Answer(null, 303)
  callback(
    @Param() { provider }: ProviderPath,
    @Query() query: CallbackQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    return this.finish(connectable(provider), query, response);
  }

  private async finish(provider: ConnectableProvider, query: CallbackQuery, response: Response): Promise<void> {
    response.set({ Location: await this.desk.connected(provider, query), 'Cache-Control': 'no-store' });
  }
}
