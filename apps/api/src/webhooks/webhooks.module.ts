import { Module } from '@nestjs/common';
import { WebhooksModule } from '#libs/webhooks';
import { EndpointOwner } from './endpoint-owner.js';
import { EventTypesController } from './event-types.controller.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { WebhookMessagesController } from './webhook-messages.controller.js';

@Module({
  imports: [WebhooksModule],
  controllers: [
    EventTypesController,
    WebhookEndpointsController,
    WebhookDeliveriesController,
    WebhookMessagesController,
  ],
  providers: [EndpointOwner],
})
export class OutgoingWebhooksModule {}
