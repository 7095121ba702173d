/** From an accepted upload to stored data: the inbox and its digestion, tasks, the phones' logs. */
export { InboxDigester } from './digest/inbox-digester.js';
export { Inbox, type Acceptance } from './inbox/inbox.js';
export { InboxSweep } from './inbox/inbox-sweep.js';
export type { NewUpload, StoredEncoding, UploadContext } from './inbox/upload.js';
export { SdkLogs, type SdkLogBatch } from './logs/sdk-logs.js';
export { DigestModule, SyncModule } from './sync.module.js';
export { newRunId, type RunKind } from './status/run-id.js';
export * from './status/sync-status.js';
export { SyncFeed, type Following, type FollowOptions } from './status/feed/sync-feed.js';
export type { FollowerLine } from './status/feed/follower.js';
export { SyncStatusReader, type RunFilter } from './status/sync-status.reader.js';
export { SyncRuns } from './status/sync-runs.js';
export { Retention } from './tasks/retention.js';
export { Tasks, TASK_STATES, type Task, type TaskState } from './tasks/tasks.js';
export type { IncomingBody } from './upload/receive-body.js';
export { UploadDesk, type IncomingUpload } from './upload/upload-desk.js';
