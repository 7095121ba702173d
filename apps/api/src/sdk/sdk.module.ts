import { Module } from '@nestjs/common';
import { SyncModule } from '#libs/sync';
import { SdkLogsController } from './sdk-logs.controller.js';
import { SdkSyncController } from './sdk-sync.controller.js';

@Module({ imports: [SyncModule], controllers: [SdkSyncController, SdkLogsController] })
export class SdkModule {}
