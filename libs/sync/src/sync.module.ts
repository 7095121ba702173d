import { Module } from '@nestjs/common';
import { DatabaseListener } from '#libs/database';
import { IngestModule } from '#libs/ingest';
import { ProvidersModule } from '#libs/providers/kit';
import { PROVIDER_STRATEGIES } from '#libs/providers/registry';
import { SdkConnections } from './connections/sdk-connections.js';
import { InboxDigester } from './digest/inbox-digester.js';
import { UploadDigest } from './digest/upload-digest.js';
import { UploadRuns } from './digest/upload-runs.js';
import { Inbox } from './inbox/inbox.js';
import { InboxRepository } from './inbox/inbox.repository.js';
import { InboxSweep } from './inbox/inbox-sweep.js';
import { SdkLogs } from './logs/sdk-logs.js';
import { FeedRepository } from './status/feed/feed.repository.js';
import { SyncFeed } from './status/feed/sync-feed.js';
import { SyncRuns } from './status/sync-runs.js';
import { SyncStatusReader } from './status/sync-status.reader.js';
import { Retention } from './tasks/retention.js';
import { Tasks } from './tasks/tasks.js';
import { UploadDesk } from './upload/upload-desk.js';

const FEED = [DatabaseListener, FeedRepository, SyncFeed];

/** What the API needs: taking in and telling. */
@Module({
  providers: [Inbox, InboxRepository, UploadDesk, SdkLogs, Tasks, SyncRuns, SyncStatusReader, ...FEED],
  exports: [Inbox, UploadDesk, SdkLogs, Tasks, SyncRuns, SyncStatusReader, SyncFeed],
})
export class SyncModule {}

/** What the worker needs: digesting and tidying up. */
@Module({
  imports: [IngestModule, ProvidersModule.forRoot(PROVIDER_STRATEGIES)],
  providers: [
    InboxRepository,
    InboxSweep,
    InboxDigester,
    UploadDigest,
    UploadRuns,
    SdkConnections,
    Retention,
    SyncRuns,
  ],
  exports: [InboxDigester, InboxSweep, Retention, SdkConnections, SyncRuns],
})
export class DigestModule {}
