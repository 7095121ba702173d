import { Module } from '@nestjs/common';
import { IngestModule } from '#libs/ingest';
import { ArchivalController } from './archival.controller.js';
import { ArchivalDispatcher } from './archival-dispatcher.js';

@Module({ imports: [IngestModule], controllers: [ArchivalController], providers: [ArchivalDispatcher] })
export class SettingsModule {}
