/** HealthBatch to rows: sources, streams, points, events, scores, daily rollups, announcements. The only writer of health data. */
export * from './health-writer.js';
export { ArchivalSettingsStore } from './archive/archival-settings.store.js';
export { ArchivalTasks } from './archive/archival-tasks.js';
export { type ArchivalReport, Archivist, type RunLimits } from './archive/archivist.js';
export { type ArchivalDays, LEAST_ARCHIVE_DAYS } from './archive/cutoffs.js';
export { growthClass, type GrowthClass, type StorageFigures, StorageReader } from './archive/storage.reader.js';
export { HealthEraser, type DeletableCategory } from './erase/health-eraser.js';
export * from './ingest.module.js';
export { INGEST_SETTINGS, type IngestSettings } from './ingest-settings.js';
export * from './write-context.js';
export { erasePoints } from './points/erase-points.js';
export { counterShard } from './points/platform-counter.js';
export { PointPartitions, partitionName } from './points/point-partitions.js';
export { announce, type Announcement } from './outbox/outbox.writer.js';
export { POINTS_STORED } from './outbox/point-announcements.js';
export { writePoints } from './points/write-points.js';
export { resolveSources } from './sources/resolve-sources.js';
export { verifyRollups, type RollupDifference, type RollupVerification } from './rollups/verify-rollups.js';
