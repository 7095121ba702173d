import { Module, type DynamicModule } from '@nestjs/common';
import { ArchivalSettingsStore } from './archive/archival-settings.store.js';
import { ArchivalTasks } from './archive/archival-tasks.js';
import { Archivist } from './archive/archivist.js';
import { StorageReader } from './archive/storage.reader.js';
import { HealthEraser } from './erase/health-eraser.js';
import { HealthWriter } from './health-writer.js';
import { INGEST_SETTINGS, type IngestSettings } from './ingest-settings.js';

const SERVICES = [HealthWriter, HealthEraser, Archivist, ArchivalSettingsStore, ArchivalTasks, StorageReader];

/** Writes, archives and deletes health data. */
@Module({ providers: SERVICES, exports: SERVICES })
export class IngestModule {}

/** Gives the writers of a whole program their settings; to be imported once, at its root. */
@Module({})
export class IngestSettingsModule {
  static forRoot(settings: IngestSettings): DynamicModule {
    const provider = { provide: INGEST_SETTINGS, useValue: settings };
    return { module: IngestSettingsModule, global: true, providers: [provider], exports: [provider] };
  }
}
