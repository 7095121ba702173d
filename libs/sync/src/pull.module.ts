import { Module } from '@nestjs/common';
import { CloudModule } from '#libs/cloud';
import { DatabaseListener } from '#libs/database';
import { IngestModule } from '#libs/ingest';
import { ProviderDesk } from './cloud-desk/provider-desk.js';
import { DirectPulls } from './pull/direct-pull.js';
import { FetchTurns } from './pull/fetch-turns.js';
import { HealthStore } from './pull/health-store.js';
import { Leases } from './pull/leases.js';
import { LinkedConnections } from './pull/linked-connections.js';
import { MappingLookups } from './pull/mapping-lookups.js';
import { PullClosing } from './pull/pull-closing.js';
import { PullDesk } from './pull/pull-desk.js';
import { PullRunner } from './pull/pull-runner.js';
import { PullRunsRepository } from './pull/pull-runs.repository.js';
import { PullSchedule } from './pull/pull-schedule.js';
import { PullWindows } from './pull/pull-window.js';
import { PullWork } from './pull/pull-work.js';
import { ResourcePuller } from './pull/resource-puller.js';
import { SyncRuns } from './status/sync-runs.js';
import { DeliveryService } from './vendor-webhooks/delivery-service.js';
import { DeliveryWakeUp } from './vendor-webhooks/delivery-wake-up.js';
import { DeliveryWorker } from './vendor-webhooks/delivery-worker.js';
import { NoticeWorker } from './vendor-webhooks/notice-worker.js';
import { RememberedEnvironments } from './vendor-webhooks/remembered-environments.js';
import { VendorInboxRepository } from './vendor-webhooks/vendor-inbox.repository.js';
import { WebhookDesk } from './vendor-webhooks/webhook-desk.js';

const STORING = [
  FetchTurns,
  HealthStore,
  LinkedConnections,
  MappingLookups,
  ResourcePuller,
  PullRunsRepository,
  PullDesk,
];

/** What the API needs of vendors' data: asking for pulls, and taking deliveries in. */
@Module({
  imports: [CloudModule, IngestModule],
  providers: [
    ...STORING,
    DirectPulls,
    VendorInboxRepository,
    RememberedEnvironments,
    DeliveryWakeUp,
    WebhookDesk,
    ProviderDesk,
  ],
  exports: [PullDesk, DirectPulls, WebhookDesk, ProviderDesk],
})
export class CloudDeskModule {}

/** What the worker needs: pulling, and working on deliveries. */
@Module({
  imports: [CloudModule, IngestModule],
  providers: [
    ...STORING,
    Leases,
    PullWindows,
    PullWork,
    PullClosing,
    PullRunner,
    PullSchedule,
    SyncRuns,
    VendorInboxRepository,
    NoticeWorker,
    DeliveryWorker,
  ],
  exports: [PullRunner, PullSchedule, DeliveryWorker, VendorInboxRepository],
})
export class PullModule {}

/** Works off vendors' deliveries by itself for as long as the process runs. */
@Module({ imports: [PullModule], providers: [DatabaseListener, DeliveryService] })
export class VendorDeliveryModule {}
