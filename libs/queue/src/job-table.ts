/** What each job is told. Work itself stays in tables; a job carries ids. */
export interface JobPayloads {
  /** Drop points and rollups that are old enough. */
  'archive.run': Record<string, never>;
  /** Digest the pending uploads of the user who sent this one. */
  'inbox.digest': { readonly batchId: string };
  /** Look for accepted uploads whose job was lost. */
  'inbox.sweep': Record<string, never>;
  /** Delete what has outlived its keeping. */
  'maintenance.prune': Record<string, never>;
  /** Look for webhook endpoints that ended and what still waits for them. */
  'webhooks.sweep': Record<string, never>;
}

export type JobName = keyof JobPayloads;

export const QUEUES = ['ingest', 'maintenance'] as const;
export type QueueName = (typeof QUEUES)[number];

export interface JobDefinition {
  readonly queue: QueueName;
  /** How often it is run before it counts as failed. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles from attempt to attempt. */
  readonly backoffSeconds: number;
  /** Runs by itself this often. */
  readonly everySeconds?: number;
  /** Runs by itself at these times of UTC, as five cron fields; instead of `everySeconds`. */
  readonly cron?: string;
}

/** Every job: where it waits, how often it is tried, when it runs by itself. */
export const JOBS: { readonly [N in JobName]: JobDefinition } = {
  'archive.run': { queue: 'maintenance', attempts: 3, backoffSeconds: 60, cron: '0 3 * * *' },
  'inbox.digest': { queue: 'ingest', attempts: 6, backoffSeconds: 1 },
  'inbox.sweep': { queue: 'maintenance', attempts: 1, backoffSeconds: 1, everySeconds: 5 },
  'maintenance.prune': { queue: 'maintenance', attempts: 3, backoffSeconds: 60, everySeconds: 3600 },
  'webhooks.sweep': { queue: 'maintenance', attempts: 1, backoffSeconds: 1, everySeconds: 60 },
};

export const JOB_NAMES = Object.keys(JOBS) as JobName[];
