import { gauge, histogram } from '#libs/observability';
import type { JobQueue } from './job-queue.js';
import { RetryLater } from './job-handler.js';

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

/** Measures one run of a job. */
export async function observeJob(job: string, run: () => Promise<void>): Promise<void> {
  const duration = histogram({
    name: 'platform_job_duration_seconds',
    help: 'Time of one run of a job, by how it ended',
    labels: ['job', 'outcome'],
    buckets: SECONDS,
  });
  const end = duration.startTimer({ job });
  try {
    await run();
    end({ outcome: 'completed' });
  } catch (error) {
    end({ outcome: error instanceof RetryLater ? 'postponed' : 'failed' });
    throw error;
  }
}

/** Publishes the depth of every queue, read when somebody asks for the metrics. */
export function observeQueues(queue: JobQueue): void {
  gauge({
    name: 'platform_queue_jobs',
    help: 'Jobs by queue and state',
    labels: ['queue', 'state'],
    collect: async (jobs) => {
      for (const [name, counts] of Object.entries(await queue.counts())) {
        for (const [state, count] of Object.entries(counts)) jobs.set({ queue: name, state }, count as number);
      }
    },
  });
}
