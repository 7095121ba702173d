import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { ImportRunModule } from '#libs/imports';
import { IngestModule, IngestSettingsModule } from '#libs/ingest';
import { JobRunnerModule, QueueModule } from '#libs/queue';
import { DigestModule } from '#libs/sync';
import { Heartbeat } from './heartbeat.js';
import { ArchiveRunJob } from './jobs/archive-run.job.js';
import { ImportRunJob } from './jobs/import-run.job.js';
import { ImportsSweepJob } from './jobs/imports-sweep.job.js';
import { InboxDigestJob } from './jobs/inbox-digest.job.js';
import { InboxSweepJob } from './jobs/inbox-sweep.job.js';
import { MaintenancePruneJob } from './jobs/maintenance-prune.job.js';
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
        DatabaseModule.forRoot({ applicationName: 'worker', statementSeconds: STATEMENT_SECONDS }),
        QueueModule.forRoot(config, 'worker'),
        IngestSettingsModule.forRoot({ sleepEndGapMinutes: config.sleepEndGapMinutes }),
        JobRunnerModule.forRoot(
          [DigestModule, ImportRunModule, IngestModule],
          [ArchiveRunJob, ImportRunJob, ImportsSweepJob, InboxDigestJob, InboxSweepJob, MaintenancePruneJob],
        ),
      ],
      providers: [Heartbeat, Monitor],
    };
  }
}
