/** Apple Health: uploads of the iOS SDK and exported files. */
export { apple, APPLE_DIALECT } from './apple.strategy.js';
export { EXPORT_KINDS, type ExportKind, type IsKnownSource } from './xml/export-context.js';
export { ExportMapper, totalOf, type ExportPart, type Totals, type WorkoutRoutes } from './xml/export-mapper.js';
export { ExportReader } from './xml/export-reader.js';
export { GpxReader } from './xml/gpx-reader.js';
export type { PersonalFacts } from './xml/personal-facts.js';
export { BrokenExport, UnreadableExport } from './xml/unreadable-export.js';
