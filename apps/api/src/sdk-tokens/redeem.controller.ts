import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvitationCodes, Public } from '#libs/identity';
import { StrictLimit } from '#libs/rate-limits';
import { Answer, Operation } from '../http/answer.js';
import { RedeemAnswer, RedeemBody } from './sdk-tokens.dto.js';

@ApiTags('External: Mobile SDK')
@Controller('invitation-code')
@Public()
export class RedeemController {
  constructor(private readonly codes: InvitationCodes) {}

  @Post('redeem')
  @StrictLimit('redeem')
  @Operation('redeem_invitation_code', 'Tokens for the phone on which a code was typed. A code works once.')
  @Answer(RedeemAnswer)
  redeem(@Body() { code }: RedeemBody): Promise<RedeemAnswer> {
    return this.codes.redeem(code, new Date());
  }
}
