import { Module } from '@nestjs/common';
import { DatabaseListener } from '#libs/database';
import { MailModule } from '#libs/mail';
import { OutboundModule } from '#libs/outbound';
import { AttemptSender } from './delivery/attempt-sender.js';
import { WebhookDeliveryService } from './delivery/delivery-service.js';
import { WebhookDispatcher } from './delivery/dispatcher.js';
import { ManualDeliveries } from './delivery/manual.js';
import { ResultRecorder } from './delivery/recorder.js';
import { EndpointsRepository } from './endpoints/endpoints.repository.js';
import { Endpoints } from './endpoints/endpoints.service.js';
import { EndpointSecrets } from './endpoints/secrets.js';
import { WebhookHistory } from './history/history.reader.js';
import { WebhookRelay } from './relay/relay.js';
import { WebhookRetention } from './upkeep/webhook-retention.js';
import { WebhookSweep } from './upkeep/webhook-sweep.js';

/** What the API needs: endpoints, history, deliveries on request. Expects `SecretsModule` in the application. */
@Module({
  imports: [OutboundModule],
  providers: [EndpointsRepository, EndpointSecrets, Endpoints, ManualDeliveries, WebhookHistory],
  exports: [Endpoints, ManualDeliveries, WebhookHistory],
})
export class WebhooksModule {}

/** What the worker needs: telling and delivering for as long as it runs, and tidying up. */
@Module({
  imports: [OutboundModule, MailModule],
  providers: [
    DatabaseListener,
    WebhookRelay,
    WebhookDispatcher,
    AttemptSender,
    ResultRecorder,
    WebhookDeliveryService,
    WebhookRetention,
    WebhookSweep,
  ],
  exports: [WebhookRetention, WebhookSweep],
})
export class WebhookDeliveryModule {}
