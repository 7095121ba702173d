import {
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type Type,
} from '@nestjs/common';
import { DelayedError, Worker, type Job } from 'bullmq';
import { CONFIG, type AppConfig } from '#libs/config';
import { logger, requestContext } from '#libs/observability';
import { handlerRegistry } from './handler-registry.js';
import type { JobData } from './job-data.js';
import { RetryLater, type JobHandler } from './job-handler.js';
import { JobQueue } from './job-queue.js';
import { QUEUES, RETIRED_JOBS, type JobName, type QueueName } from './job-table.js';
import { observeJob } from './job-metrics.js';
import { KEY_PREFIX, QueueConnection } from './queue-connection.js';

/** Injection token of all `JobHandler`s. */
const JOB_HANDLERS = Symbol('JOB_HANDLERS');

/** A job whose worker died is taken by another after lock and check, 6 to 9 seconds. */
const LOCK_MS = 6000;
const STALLED_CHECK_MS = 3000;
/** A job that took that many workers down with it is given up. */
const MAX_STALLED = 5;
/** A queue that was flushed has its schedules back after this long. */
const RESCHEDULE_MS = 60_000;
/** So that looking for lost uploads never waits behind a long archive run. */
const MAINTENANCE_CONCURRENCY = 2;

/** Takes jobs from all queues and gives each to its handler. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly handlers: ReadonlyMap<JobName, JobHandler>;
  private workers: Worker<JobData>[] = [];
  private rescheduling: NodeJS.Timeout | undefined;

  constructor(
    @Inject(JOB_HANDLERS) handlers: JobHandler[],
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly connection: QueueConnection,
    private readonly queue: JobQueue,
  ) {
    this.handlers = handlerRegistry(handlers);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.schedule();
    this.workers = QUEUES.map((name) => this.startWorker(name));
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
    this.rescheduling = setInterval(() => {
      this.queue.schedule().catch((error: unknown) => logger().warn({ error }, 'schedule_failed'));
    }, RESCHEDULE_MS);
  }

  /** Takes no more jobs and waits for those that run. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.rescheduling);
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private startWorker(queue: QueueName): Worker<JobData> {
    const worker = new Worker<JobData>(queue, (job, token) => this.process(job, token), {
      connection: this.connection.forWorkers,
      prefix: KEY_PREFIX,
      concurrency: this.concurrencyOf(queue),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
    });
    worker.on('error', (error) => logger().warn({ error, queue }, 'queue_error'));
    worker.on('stalled', (jobId) => logger().warn({ job_id: jobId, queue }, 'job_taken_over'));
    worker.on('failed', (job, error) => {
      logger().error({ error, queue, job: job?.name, job_id: job?.id, attempt: job?.attemptsMade }, 'job_failed');
    });
    return worker;
  }

  private concurrencyOf(queue: QueueName): number {
    const { workerConcurrency, importConcurrency, pullConcurrency } = this.config;
    return {
      ingest: workerConcurrency,
      imports: importConcurrency,
      maintenance: MAINTENANCE_CONCURRENCY,
      pulls: pullConcurrency,
    }[queue];
  }

  private process(job: Job<JobData>, token: string | undefined): Promise<void> {
    const { payload, requestId } = job.data;
    const handler = this.handlers.get(job.name as JobName);
    if (Object.hasOwn(RETIRED_JOBS, job.name)) return Promise.resolve();
    // A job of a newer release: left for its workers.
    if (!handler) return postpone(job, token, STALLED_CHECK_MS);
    return requestContext.run({ requestId, actor: `job:${job.name}` }, async () => {
      try {
        await observeJob(job.name, () => handler.run(payload, { attempt: job.attemptsMade + 1, requestId }));
      } catch (error) {
        if (error instanceof RetryLater) return postpone(job, token, error.delayMs);
        throw error;
      }
    });
  }
}

/** Moves the job to later without counting a failure. The queue knows whole milliseconds. */
async function postpone(job: Job<JobData>, token: string | undefined, delayMs: number): Promise<never> {
  await job.moveToDelayed(Math.ceil(Date.now() + delayMs), token);
  throw new DelayedError();
}

/** Runs jobs in the application that imports it, beside `QueueModule.forRoot(config, 'worker')`. */
@Module({})
export class JobRunnerModule {
  /** `handlers`: one class per job, injectable out of `imports`. */
  static forRoot(imports: DynamicModule['imports'], handlers: Type<JobHandler>[]): DynamicModule {
    return {
      module: JobRunnerModule,
      imports: imports ?? [],
      providers: [
        ...handlers,
        { provide: JOB_HANDLERS, inject: handlers, useFactory: (...instances: JobHandler[]) => instances },
        JobRunner,
      ],
    };
  }
}
