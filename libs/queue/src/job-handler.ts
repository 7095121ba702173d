import type { JobName, JobPayloads } from './job-table.js';

export interface JobContext {
  /** 1 for the first run. */
  readonly attempt: number;
  /** The request that asked for the job; null for scheduled ones. */
  readonly requestId: string | null;
}

/** Does one kind of job. Must be idempotent: a job whose worker was killed is run again. */
export interface JobHandler<N extends JobName = JobName> {
  readonly job: N;
  run(payload: JobPayloads[N], context: JobContext): Promise<void>;
}

/** Thrown by a handler that wants to be run again later. Does not count as a failure. */
export class RetryLater extends Error {
  constructor(readonly delayMs: number) {
    super(`to be run again in ${delayMs} ms`);
    this.name = 'RetryLater';
  }
}
