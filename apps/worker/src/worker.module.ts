import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { IdentityMailModule } from '#libs/identity';
import { IngestModule, IngestSettingsModule } from '#libs/ingest';
import { JobRunnerModule, QueueModule } from '#libs/queue';
import { SecretsModule } from '#libs/secrets';
import { DigestModule } from '#libs/sync';
import { Heartbeat } from './heartbeat.js';
import { ArchiveRunJob } from './jobs/archive-run.job.js';
import { InboxDigestJob } from './jobs/inbox-digest.job.js';
import { InboxSweepJob } from './jobs/inbox-sweep.job.js';
import { InvitationMailJob } from './jobs/invitation-mail.job.js';
import { MaintenancePruneJob } from './jobs/maintenance-prune.job.js';
import { PasswordResetMailJob } from './jobs/password-reset-mail.job.js';
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
        IngestSettingsModule.forRoot({ sleepEndGapMinutes: config.sleepEndGapMinutes }),
        JobRunnerModule.forRoot(
          [DigestModule, IngestModule, IdentityMailModule],
          [ArchiveRunJob, InboxDigestJob, InboxSweepJob, MaintenancePruneJob, InvitationMailJob, PasswordResetMailJob],
        ),
      ],
      providers: [Heartbeat, Monitor],
    };
  }
}
