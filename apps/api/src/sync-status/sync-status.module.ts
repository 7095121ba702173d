import { Module } from '@nestjs/common';
import { IdentityModule } from '#libs/identity';
import { SyncModule } from '#libs/sync';
import { SyncRunsController } from './sync-runs.controller.js';
import { SyncStreams } from './sync-streams.js';
import { UserSyncController } from './user-sync.controller.js';

@Module({
  imports: [IdentityModule, SyncModule],
  providers: [SyncStreams],
  controllers: [UserSyncController, SyncRunsController],
})
export class SyncStatusModule {}
