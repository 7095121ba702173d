/** PostgreSQL: entities, migrations, and the one way hand-written SQL is run. */
export { readBacklog, type Backlog } from './backlog.js';
export { OUTBOX_CHANNEL, stir, VENDOR_INBOX_CHANNEL, type Channel } from './channels.js';
export * from './database.js';
export { DatabaseListener, type Hearing } from './database-listener.js';
export { DatabaseModule, type DatabaseModuleOptions } from './database.module.js';
export { databaseHealth, type DatabaseHealth } from './database-health.js';
export { connectionProblem, DatabaseProblem, describeUrl } from './database-problem.js';
export { connectionOptions, type ConnectionSettings } from './connection-options.js';
export * from './entities/entities.js';
export { migrate, MINIMUM_POSTGRES_MAJOR } from './migrate.js';
export { MIGRATIONS } from './migration-list.js';
export { nameOfPlan, plannedOnce } from './planned-once.js';
export type { UserRef } from './user-ref.js';
export { WorkLoops, type WorkLoopOptions } from './work-loops.js';
