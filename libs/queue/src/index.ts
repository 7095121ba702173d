/** Background jobs: names with typed payloads, BullMQ on PostgreSQL or Redis, schedules, and the runner of the worker. */
export { JOBS, QUEUES, type JobName, type JobPayloads, type QueueName } from './job-table.js';
export { RetryLater, type JobContext, type JobHandler } from './job-handler.js';
export { JobQueue, type AddOptions, type QueueCounts } from './job-queue.js';
export { JobRunner, JobRunnerModule } from './job-runner.js';
export { observeQueues } from './job-metrics.js';
export { QueueModule } from './queue.module.js';
export { migrateQueue } from './postgres-connection.js';
