/** The vocabulary: series types, units, workout types, sleep stages, devices, HealthBatch, local-date arithmetic. No I/O. */
export * from './data-source-name.js';
export * from './decimal.js';
export * from './device.js';
export * from './failure.js';
export * from './health-batch.js';
export * from './instant.js';
export * from './json-table.js';
export * from './meta-coverage.js';
export * from './priority.js';
export * from './provider.js';
export * from './query-instant.js';
export * from './score-category.js';
export * from './sdk-instant.js';
export * from './series-type.js';
export * from './sleep-stage.js';
export * from './workout-type.js';
export * from './zone-offset.js';
