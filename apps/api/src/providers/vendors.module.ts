import { Module } from '@nestjs/common';
import { CloudModule } from '#libs/cloud';
import { CloudDeskModule } from '#libs/sync';
import { LegacyWebhooksController } from './legacy-webhooks.controller.js';
import { ProviderSyncController } from './provider-sync.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { VendorWebhooksController } from './vendor-webhooks.controller.js';
import { VendorWorkoutsController } from './vendor-workouts.controller.js';

@Module({
  imports: [CloudModule, CloudDeskModule],
  controllers: [
    ProviderSyncController,
    VendorWorkoutsController,
    SubscriptionsController,
    VendorWebhooksController,
    LegacyWebhooksController,
  ],
})
export class VendorsModule {}
