import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ForgottenPasswords, PasswordResets, Public } from '#libs/identity';
import { StrictLimit } from '#libs/rate-limits';
import { Answer, Operation } from '../http/answer.js';
import { ForgotPasswordBody, ResetPasswordBody } from './auth.dto.js';
import { MessageAnswer } from './token.dto.js';

@ApiTags('Internal: Auth')
@Controller('auth')
@Public()
export class PasswordsController {
  constructor(
    private readonly forgotten: ForgottenPasswords,
    private readonly resets: PasswordResets,
  ) {}

  @Post('forgot-password')
  @StrictLimit('password-reset')
  @Operation('forgot_password', 'Answers the same whether or not a developer has the address.')
  @Answer(MessageAnswer, 202)
  async forgot(@Body() { email }: ForgotPasswordBody): Promise<MessageAnswer> {
    await this.forgotten.ask(email);
    return { message: 'If a developer has this address, a link is on its way' };
  }

  @Post('reset-password')
  @StrictLimit('login')
  @Operation('reset_password', 'Sets a new password with the token of a link and ends all sessions of the developer.')
  @Answer(MessageAnswer)
  async reset(@Body() { token, newPassword }: ResetPasswordBody): Promise<MessageAnswer> {
    await this.resets.reset(token, newPassword, new Date());
    return { message: 'Password updated successfully' };
  }
}
