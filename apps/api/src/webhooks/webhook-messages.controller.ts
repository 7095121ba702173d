import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequireScope } from '#libs/identity';
import { WebhookHistory } from '#libs/webhooks';
import { Answer, Operation } from '../http/answer.js';
import { EndpointOwner } from './endpoint-owner.js';
import { SWITCHED_OFF } from './switched-off.js';
import { historyQuery, WebhookMessagePageAnswer, MessagesQuery } from './webhook-history.dto.js';
import { WebhooksEnabledGuard } from './webhooks-enabled.guard.js';

/** What there was to tell. */
@ApiTags('External: Webhooks')
@Controller('webhooks/messages')
@RequireScope('webhooks:write')
@UseGuards(WebhooksEnabledGuard)
export class WebhookMessagesController {
  constructor(
    private readonly history: WebhookHistory,
    private readonly owner: EndpointOwner,
  ) {}

  @Get()
  @Operation('list_messages', 'Newest first, of the last 90 days.')
  @Answer(WebhookMessagePageAnswer, 200, { errors: SWITCHED_OFF })
  async list(@Req() request: Request, @Query() query: MessagesQuery): Promise<WebhookMessagePageAnswer> {
    return this.history.messages(await this.owner.of(request), historyQuery(query));
  }
}
