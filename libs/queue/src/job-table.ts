/** What each job is told. Work itself stays in tables; a job carries ids. */
export interface JobPayloads {
  /** Drop points and rollups that are old enough. */
  'archive.run': Record<string, never>;
  /** Import one uploaded file. */
  'import.run': { readonly importId: string };
  /** Look for imports whose job was lost and delete files that nobody needs. */
  'imports.sweep': Record<string, never>;
  /** Digest the pending uploads of the user who sent this one. */
  'inbox.digest': { readonly batchId: string };
  /** Look for accepted uploads whose job was lost. */
  'inbox.sweep': Record<string, never>;
  /** Mail an invitation to join the team. */
  'mail.invitation': { readonly invitationId: string };
  /** Mail a link to set a new password; null when nobody has the address that was asked for. */
  'mail.password-reset': { readonly developerId: string | null };
  /** Delete what has outlived its keeping. */
  'maintenance.prune': Record<string, never>;
  /** Look for webhook endpoints that ended and what still waits for them. */
  'webhooks.sweep': Record<string, never>;
  /** Fetch what a run is about from a vendor. */
  'pull.run': { readonly pullRunId: string };
  /** Ask for the pulls whose time has come. */
  'pull.schedule': Record<string, never>;
  /** Subscribe to a vendor's webhooks. */
  'subscriptions.register': { readonly provider: string };
  /** Renew subscriptions before they expire. */
  'subscriptions.renew': Record<string, never>;
  /** Empty the tables of users who were deleted. */
  'users.erase': Record<string, never>;
}

export type JobName = keyof JobPayloads;

export const QUEUES = ['imports', 'ingest', 'maintenance', 'pulls'] as const;
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
  'import.run': { queue: 'imports', attempts: 6, backoffSeconds: 2 },
  'imports.sweep': { queue: 'maintenance', attempts: 1, backoffSeconds: 1, everySeconds: 30 },
  'inbox.digest': { queue: 'ingest', attempts: 6, backoffSeconds: 1 },
  'inbox.sweep': { queue: 'maintenance', attempts: 1, backoffSeconds: 1, everySeconds: 5 },
  'mail.invitation': { queue: 'maintenance', attempts: 5, backoffSeconds: 10 },
  'mail.password-reset': { queue: 'maintenance', attempts: 5, backoffSeconds: 10 },
  'maintenance.prune': { queue: 'maintenance', attempts: 3, backoffSeconds: 60, everySeconds: 3600 },
  'webhooks.sweep': { queue: 'maintenance', attempts: 1, backoffSeconds: 1, everySeconds: 60 },
  'pull.run': { queue: 'pulls', attempts: 5, backoffSeconds: 2 },
  'pull.schedule': { queue: 'maintenance', attempts: 1, backoffSeconds: 1, everySeconds: 10 },
  'subscriptions.register': { queue: 'maintenance', attempts: 4, backoffSeconds: 60 },
  'subscriptions.renew': { queue: 'maintenance', attempts: 4, backoffSeconds: 600, cron: '30 4 * * *' },
  'users.erase': { queue: 'maintenance', attempts: 4, backoffSeconds: 5, everySeconds: 30 },
};

/** Jobs that used to come by themselves: what older releases scheduled is taken back, what still waits is let go. */
export const RETIRED_JOBS: Readonly<Record<string, QueueName>> = { 'vendor.sweep': 'maintenance' };

export const JOB_NAMES = Object.keys(JOBS) as JobName[];
