import { Body, Controller, Get, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequireScope } from '#libs/identity';
import { dateFromInstant } from '#libs/model';
import { ManualDeliveries, WebhookHistory } from '#libs/webhooks';
import { Answer, Operation } from '../http/answer.js';
import { EndpointOwner } from './endpoint-owner.js';
import { SWITCHED_OFF } from './switched-off.js';
import {
  EndpointMessagePath,
  ReplayAnswer,
  ReplayBody,
  ResendAnswer,
  TestEventAnswer,
  TestEventBody,
} from './webhook-deliveries.dto.js';
import { EndpointPath } from './webhook-endpoints.dto.js';
import { WebhookAttemptPageAnswer, attemptQuery, AttemptsQuery } from './webhook-history.dto.js';
import { WebhooksEnabledGuard } from './webhooks-enabled.guard.js';

const ERRORS = { ...SWITCHED_OFF, 409: 'The endpoint is disabled, or the payload is no longer kept' };

/** Deliveries to one endpoint: what was tried, and what somebody asks for. */
@ApiTags('External: Webhooks')
@Controller('webhooks/endpoints/:endpoint_id')
@RequireScope('webhooks:write')
@UseGuards(WebhooksEnabledGuard)
export class WebhookDeliveriesController {
  constructor(
    private readonly deliveries: ManualDeliveries,
    private readonly history: WebhookHistory,
    private readonly owner: EndpointOwner,
  ) {}

  @Get('attempts')
  @Operation('list_endpoint_attempts', 'Finished attempts, newest first, of the last 90 days.')
  @Answer(WebhookAttemptPageAnswer, 200, { errors: SWITCHED_OFF })
  async attempts(
    @Req() request: Request,
    @Param() { endpointId }: EndpointPath,
    @Query() query: AttemptsQuery,
  ): Promise<WebhookAttemptPageAnswer> {
    return this.history.attempts(await this.owner.of(request), endpointId, attemptQuery(query));
  }

  @Post('test')
  @Operation('send_test_event', 'Sends an example to this endpoint alone, whatever its filters.')
  @Answer(TestEventAnswer, 200, { errors: ERRORS })
  async test(
    @Req() request: Request,
    @Param() { endpointId }: EndpointPath,
    @Body() { eventType }: TestEventBody,
  ): Promise<TestEventAnswer> {
    const messageId = await this.deliveries.test(await this.owner.of(request), endpointId, eventType);
    return { message: 'Test event sent successfully.', message_id: messageId };
  }

  @Post('messages/:message_id/resend')
  @Operation('resend_message', 'Delivers one message again.')
  @Answer(ResendAnswer, 202, { errors: ERRORS })
  async resend(
    @Req() request: Request,
    @Param() { endpointId, messageId }: EndpointMessagePath,
  ): Promise<ResendAnswer> {
    await this.deliveries.resend(await this.owner.of(request), endpointId, messageId);
    return { message_id: messageId };
  }

  @Post('replay')
  @Operation('replay_messages', 'Delivers what this endpoint has missed since a date.')
  @Answer(ReplayAnswer, 202, { errors: ERRORS })
  async replay(
    @Req() request: Request,
    @Param() { endpointId }: EndpointPath,
    @Body() { since, until, includeDelivered }: ReplayBody,
  ): Promise<ReplayAnswer> {
    const range = {
      since: dateFromInstant(since),
      until: until === undefined || until === null ? null : dateFromInstant(until),
      includesDelivered: includeDelivered,
    };
    return { message_count: await this.deliveries.replay(await this.owner.of(request), endpointId, range) };
  }
}
