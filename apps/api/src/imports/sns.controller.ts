import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '#libs/identity';
import { SnsDesk } from '#libs/imports';
import { Answer, Operation } from '../http/answer.js';
import { receipt } from '../http/receipt.dto.js';
import { SnsAnswerShown } from './imports.dto.js';

/** Amazon tells that something was uploaded. Its signature is the credential. */
@ApiTags('External: Apple Health XML Import')
@Controller('sns')
@Public()
export class SnsController {
  constructor(private readonly desk: SnsDesk) {}

  @Post('notification')
  @Operation('receive_sns_notification')
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @Answer(SnsAnswerShown, 202, { errors: { 503: 'No bucket is configured' } })
  async receive(@Req() request: Request): Promise<SnsAnswerShown> {
    const { status, response } = await this.desk.receive(request.body, Date.now());
    return receipt(status, response, null);
  }
}
