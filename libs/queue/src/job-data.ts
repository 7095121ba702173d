import type { JobName, JobPayloads } from './job-table.js';

/** What is stored of a job. */
export interface JobData {
  readonly payload: JobPayloads[JobName];
  readonly requestId: string | null;
}
