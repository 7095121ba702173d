import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JobsOptions, Queue } from 'bullmq';
import { currentContext, logger } from '#libs/observability';
import type { JobData } from './job-data.js';
import {
  JOBS,
  QUEUES,
  RETIRED_JOBS,
  type JobDefinition,
  type JobName,
  type JobPayloads,
  type QueueName,
} from './job-table.js';
import { withinPatience } from './patience.js';

export interface AddOptions {
  /** A job that is added again under the id of one that waits, runs or is kept is not added. No colons. */
  readonly jobId?: string;
  readonly delayMs?: number;
  /** 1 is the most urgent, without it comes before all with one. */
  readonly priority?: number;
}

/** How many jobs are in each state. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** How long whoever adds a job waits for the queue to take it. */
const ADD_PATIENCE_MS = 5000;
/** On PostgreSQL a bulk makes temporary tables, which costs as much as adding this many one by one. */
const FEWEST_IN_BULK = 10;
const HEALTH_PATIENCE_MS = 2000;
/** On PostgreSQL every job that ends looks through those that are kept. */
const KEEP_COMPLETED = { age: 3600, count: 100 };
const KEEP_FAILED = { count: 10_000 };

/** Where background work is asked for. */
@Injectable()
export class JobQueue implements OnModuleInit {
  constructor(
    @InjectQueue('ingest') private readonly ingest: Queue<JobData>,
    @InjectQueue('imports') private readonly imports: Queue<JobData>,
    @InjectQueue('maintenance') private readonly maintenance: Queue<JobData>,
    @InjectQueue('pulls') private readonly pulls: Queue<JobData>,
  ) {}

  onModuleInit(): void {
    // Unheard, the event would end the process; whoever uses the queue sees the error too.
    for (const name of QUEUES)
      this.queue(name).on('error', (error) => logger().warn({ error, queue: name }, 'queue_error'));
  }

  /** Adds a job; the context's request id travels with it. Throws when the queue does not take it within seconds. */
  async add<N extends JobName>(name: N, payload: JobPayloads[N], options: AddOptions = {}): Promise<void> {
    const job = newJob(name, payload, options);
    await withinPatience(this.queue(JOBS[name].queue).add(name, job.data, job.opts), ADD_PATIENCE_MS);
  }

  /** Adds jobs of one kind, many in one go. Throws as `add` does; some of them may have been taken then. */
  async addAll<N extends JobName>(name: N, jobs: readonly (AddOptions & { payload: JobPayloads[N] })[]): Promise<void> {
    const queue = this.queue(JOBS[name].queue);
    const added = jobs.map(({ payload, ...options }) => newJob(name, payload, options));
    const work =
      added.length < FEWEST_IN_BULK
        ? Promise.all(added.map(({ data, opts }) => queue.add(name, data, opts)))
        : queue.addBulk(added);
    await withinPatience(work, ADD_PATIENCE_MS);
  }

  /** Makes the scheduled jobs of the table come by themselves; the same call again changes nothing. */
  async schedule(): Promise<void> {
    for (const [name, queue] of Object.entries(RETIRED_JOBS)) await this.queue(queue).removeJobScheduler(name);
    for (const [name, definition] of Object.entries(JOBS)) {
      const repeat = repetitionOf(definition);
      if (repeat === null) continue;
      const { queue, attempts } = definition;
      const opts = { attempts, removeOnComplete: KEEP_COMPLETED, removeOnFail: KEEP_FAILED };
      const data: JobData = { payload: {}, requestId: null };
      await this.queue(queue).upsertJobScheduler(name, repeat, { name, data, opts });
    }
  }

  /** Depth of every queue. */
  async counts(): Promise<Readonly<Record<QueueName, QueueCounts>>> {
    const entries = QUEUES.map(async (name) => {
      const counts = await this.queue(name).getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
      const of = (state: string): number => counts[state] ?? 0;
      const waiting = of('waiting') + of('prioritized');
      return [name, { waiting, active: of('active'), delayed: of('delayed'), failed: of('failed') }] as const;
    });
    return Object.fromEntries(await Promise.all(entries)) as Record<QueueName, QueueCounts>;
  }

  /** Whether the queue answers within two seconds. Never throws. */
  async isHealthy(): Promise<boolean> {
    try {
      await withinPatience(this.counts(), HEALTH_PATIENCE_MS);
      return true;
    } catch {
      return false;
    }
  }

  private queue(name: QueueName): Queue<JobData> {
    const { ingest, imports, maintenance, pulls } = this;
    return { ingest, imports, maintenance, pulls }[name];
  }
}

function newJob<N extends JobName>(
  name: N,
  payload: JobPayloads[N],
  { jobId, delayMs, priority }: AddOptions,
): { name: N; data: JobData; opts: JobsOptions } {
  const { attempts, backoffSeconds } = JOBS[name];
  return {
    name,
    data: { payload, requestId: currentContext().requestId },
    opts: {
      attempts,
      backoff: { type: 'exponential', delay: backoffSeconds * 1000 },
      removeOnComplete: KEEP_COMPLETED,
      removeOnFail: KEEP_FAILED,
      ...(jobId === undefined ? {} : { jobId }),
      ...(delayMs === undefined ? {} : { delay: delayMs }),
      ...(priority === undefined ? {} : { priority }),
    },
  };
}

function repetitionOf({
  everySeconds,
  cron,
}: JobDefinition): { every: number } | { pattern: string; tz: string } | null {
  if (everySeconds !== undefined) return { every: everySeconds * 1000 };
  return cron === undefined ? null : { pattern: cron, tz: 'UTC' };
}
