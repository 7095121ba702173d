import { Module, type DynamicModule } from '@nestjs/common';
import { ErasureModule } from '#libs/accounts';
import { CloudModule } from '#libs/cloud';
import { ConfigModule, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { IdentityMailModule } from '#libs/identity';
import { ImportRunModule } from '#libs/imports';
import { IngestModule, IngestSettingsModule } from '#libs/ingest';
import { JobRunnerModule, QueueModule } from '#libs/queue';
import { SecretsModule } from '#libs/secrets';
import { StorageModule } from '#libs/storage';
import { DigestModule, PullModule, VendorDeliveryModule } from '#libs/sync';
import { WebhookDeliveryModule } from '#libs/webhooks';
import { Heartbeat } from './heartbeat.js';
import { ArchiveRunJob } from './jobs/archive-run.job.js';
import { ImportRunJob } from './jobs/import-run.job.js';
import { ImportsSweepJob } from './jobs/imports-sweep.job.js';
import { InboxDigestJob } from './jobs/inbox-digest.job.js';
import { InboxSweepJob } from './jobs/inbox-sweep.job.js';
import { InvitationMailJob } from './jobs/invitation-mail.job.js';
import { MaintenancePruneJob } from './jobs/maintenance-prune.job.js';
import { PasswordResetMailJob } from './jobs/password-reset-mail.job.js';
import { PullRunJob } from './jobs/pull-run.job.js';
import { PullScheduleJob } from './jobs/pull-schedule.job.js';
import { SubscriptionsRegisterJob } from './jobs/subscriptions-register.job.js';
import { SubscriptionsRenewJob } from './jobs/subscriptions-renew.job.js';
import { UsersEraseJob } from './jobs/users-erase.job.js';
import { WebhooksSweepJob } from './jobs/webhooks-sweep.job.js';
import { Monitor } from './monitor.js';

const STATEMENT_SECONDS = 300;

/** Everything the worker runs. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        SecretsModule,
        DatabaseModule.forRoot({ applicationName: 'worker', statementSeconds: STATEMENT_SECONDS }),
        QueueModule.forRoot(config, 'worker'),
        StorageModule.forRoot(),
        VendorDeliveryModule,
        IngestSettingsModule.forRoot({
          sleepEndGapMinutes: config.sleepEndGapMinutes,
          announces: config.outgoingWebhooksEnabled,
        }),
        JobRunnerModule.forRoot(
          [
            CloudModule,
            DigestModule,
            ErasureModule,
            IdentityMailModule,
            ImportRunModule,
            IngestModule,
            PullModule,
            WebhookDeliveryModule,
          ],
          [
            ArchiveRunJob,
            ImportRunJob,
            ImportsSweepJob,
            InboxDigestJob,
            InboxSweepJob,
            InvitationMailJob,
            MaintenancePruneJob,
            PasswordResetMailJob,
            PullRunJob,
            PullScheduleJob,
            SubscriptionsRegisterJob,
            SubscriptionsRenewJob,
            UsersEraseJob,
            WebhooksSweepJob,
          ],
        ),
      ],
      providers: [Heartbeat, Monitor],
    };
  }
}
