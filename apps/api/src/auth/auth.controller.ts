import { Body, Controller, Get, Patch, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { DeveloperAccess, Developers, Logins, Public, Sessions, type DeveloperPrincipal } from '#libs/identity';
import { StrictLimit } from '#libs/rate-limits';
import { Answer, Operation } from '../http/answer.js';
import { Caller } from '../http/caller.js';
import { ChangePasswordBody, DeveloperAnswer, DeveloperBody } from './auth.dto.js';
import { loginForm } from './login-form.js';
import { MessageAnswer, TokenAnswer } from './token.dto.js';

const LOGIN_SCHEMA = {
  type: 'object',
  required: ['username', 'password'],
  properties: {
    username: { type: 'string', description: 'The email address, in any case' },
    password: { type: 'string', format: 'password' },
    grant_type: { type: 'string', description: '`password` or nothing' },
  },
};

@ApiTags('Internal: Auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: Logins,
    private readonly sessions: Sessions,
    private readonly developers: Developers,
  ) {}

  @Post('login')
  @Public()
  @StrictLimit('login')
  @Operation('login', 'Whatever is wrong with the form answers 401.')
  @ApiConsumes('application/x-www-form-urlencoded', 'multipart/form-data')
  @ApiBody({ schema: LOGIN_SCHEMA })
  @Answer(TokenAnswer)
  async login(@Req() request: Request): Promise<TokenAnswer> {
    const { username, password } = await loginForm(request);
    return this.logins.login(username, password, new Date());
  }

  @Post('logout')
  @DeveloperAccess()
  @Operation('logout', 'Ends the session: its access and refresh tokens work no more.')
  @Answer(MessageAnswer)
  async logout(@Caller() { sessionId }: DeveloperPrincipal): Promise<MessageAnswer> {
    await this.sessions.end(sessionId, new Date());
    return { message: 'Successfully logged out' };
  }

  @Post('change-password')
  @DeveloperAccess()
  @StrictLimit('login')
  @Operation('change_password', 'Ends all sessions of the developer, this one too.')
  @Answer(MessageAnswer)
  async changePassword(
    @Caller() { id }: DeveloperPrincipal,
    @Body() { currentPassword, newPassword }: ChangePasswordBody,
  ): Promise<MessageAnswer> {
    await this.developers.changePassword(id, currentPassword, newPassword, new Date());
    return { message: 'Password updated successfully' };
  }

  @Get('me')
  @DeveloperAccess()
  @Operation('get_current_developer_info')
  @Answer(DeveloperAnswer)
  me(@Caller() { id }: DeveloperPrincipal): Promise<DeveloperAnswer> {
    return this.developers.get(id);
  }

  @Patch('me')
  @DeveloperAccess()
  @Operation('update_current_developer', 'Absent or null fields stay.')
  @Answer(DeveloperAnswer, 200, { errors: { 409: 'The email belongs to another developer' } })
  update(@Caller() { id }: DeveloperPrincipal, @Body() body: DeveloperBody): Promise<DeveloperAnswer> {
    return this.developers.update(id, body, id, new Date());
  }
}
