import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Worker, type ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { ConfigModule, loadConfig, type AppConfig } from '#libs/config';
import { configureLogging, currentContext, requestContext } from '#libs/observability';
import {
  JOBS,
  JobQueue,
  JobRunnerModule,
  QueueModule,
  RetryLater,
  type JobContext,
  type JobHandler,
  type JobName,
  type JobPayloads,
} from '#libs/queue';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { freshRedisUrl } from '../../support/redis.js';

type Run = { batchId: string; context: JobContext; actor: string | null };

/** What the digest handler does next, and what it was asked. */
let behave: (run: Run) => void | Promise<void> = () => undefined;
let runs: Run[] = [];
let arrivals: (() => void)[] = [];

@Injectable()
class Digest implements JobHandler<'inbox.digest'> {
  readonly job = 'inbox.digest';

  async run({ batchId }: JobPayloads['inbox.digest'], context: JobContext): Promise<void> {
    const run = { batchId, context, actor: currentContext().actor };
    runs.push(run);
    arrivals.splice(0).forEach((arrived) => arrived());
    await behave(run);
  }
}

/** A handler of each other job, which has nothing to do. */
const idle = (Object.keys(JOBS) as JobName[])
  .filter((job) => job !== 'inbox.digest')
  .map((job): Type<JobHandler> => {
    @Injectable()
    class Idle implements JobHandler {
      readonly job = job;

      async run(): Promise<void> {
        return;
      }
    }
    return Idle;
  });

/** Resolves when the digest handler was called `count` times. */
async function called(count: number): Promise<void> {
  while (runs.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
}

describe('queue', () => {
  let database: TestDatabase;
  let config: AppConfig;
  const open: INestApplicationContext[] = [];

  beforeAll(async () => {
    configureLogging({ level: 'silent', service: 'test' });
    database = await openTestDatabase();
    const environment = loadConfig({ ENVIRONMENT: 'test' });
    config = { ...environment, databaseUrl: database.url, redisUrl: await freshRedisUrl() };
  });

  afterEach(async () => {
    for (const app of open.splice(0)) await app.close();
    behave = () => undefined;
    runs = [];
    arrivals = [];
  });

  afterAll(() => database.close());

  async function start(role: 'producer' | 'worker'): Promise<JobQueue> {
    @Module({})
    class Root {}
    const runner = role === 'worker' ? [JobRunnerModule.forRoot([], [Digest, ...idle])] : [];
    const imports = [ConfigModule.forRoot(config), QueueModule.forRoot(config, role), ...runner];
    const options = { logger: false as const, abortOnError: false };
    const app = await NestFactory.createApplicationContext({ module: Root, imports }, options);
    open.push(app);
    return app.get(JobQueue);
  }

  /** What a killed worker leaves: a job in its hands whose lock nobody renews. */
  async function takeWithoutFinishing(queue: string): Promise<{ end(): Promise<unknown> }> {
    const redis = config.redisUrl === null ? null : new Redis(config.redisUrl, { maxRetriesPerRequest: null });
    const pool = new pg.Pool({ connectionString: database.url, max: 3, options: '-c search_path=bullmq' });
    const connection = (redis ?? pool) as unknown as ConnectionOptions;
    const worker = new Worker(queue, null, { connection, prefix: '{platform}', autorun: false, lockDuration: 500 });
    expect(await worker.getNextJob('token-of-the-killed')).toBeDefined();
    await worker.close(true);
    return {
      end: async () => {
        redis?.disconnect();
        await pool.end();
      },
    };
  }

  it('carries payload and request id to the handler', async () => {
    const producer = await start('producer');
    await requestContext.run({ requestId: 'r-1', actor: null }, () => producer.add('inbox.digest', { batchId: 'a' }));
    expect((await producer.counts()).ingest.waiting).toBe(1);
    await start('worker');
    await called(1);
    expect(runs).toEqual([{ batchId: 'a', context: { attempt: 1, requestId: 'r-1' }, actor: 'job:inbox.digest' }]);
  });

  it('adds a job of the same id once', async () => {
    const producer = await start('producer');
    await producer.add('inbox.digest', { batchId: 'same' }, { jobId: 'digest-same' });
    await producer.add('inbox.digest', { batchId: 'same' }, { jobId: 'digest-same' });
    expect((await producer.counts()).ingest.waiting).toBe(1);
    await start('worker');
    await called(1);
  });

  it('tries a job that fails again, counting', async () => {
    behave = ({ context }) => {
      if (context.attempt === 1) throw new Error('first time');
    };
    const queue = await start('worker');
    await queue.add('inbox.digest', { batchId: 'retry' });
    await called(2);
    expect(runs.map(({ context }) => context.attempt)).toEqual([1, 2]);
    expect((await queue.counts()).ingest.failed).toBe(0);
  });

  it('runs a job that asked for it later, without counting', async () => {
    behave = () => {
      if (runs.length <= JOBS['inbox.digest'].attempts) throw new RetryLater(1.5);
    };
    const queue = await start('worker');
    await queue.add('inbox.digest', { batchId: 'later' });
    await called(JOBS['inbox.digest'].attempts + 1);
    expect(new Set(runs.map(({ context }) => context.attempt))).toEqual(new Set([1]));
    expect((await queue.counts()).ingest.failed).toBe(0);
  });

  it('takes a job over from a worker that was killed', async () => {
    const queue = await start('producer');
    await queue.add('inbox.digest', { batchId: 'orphan' });
    const killed = await takeWithoutFinishing('ingest');
    expect((await queue.counts()).ingest.active).toBe(1);
    await start('worker');
    await called(1);
    expect(runs).toMatchObject([{ batchId: 'orphan', context: { attempt: 1 } }]);
    await killed.end();
  }, 30_000);

  it('waits for running jobs when it stops', async () => {
    let finished = false;
    let release: () => void = () => undefined;
    behave = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      finished = true;
    };
    const queue = await start('worker');
    await queue.add('inbox.digest', { batchId: 'slow' });
    await called(1);
    const closed = open.pop()!.close();
    release();
    await closed;
    expect(finished).toBe(true);
  });

  it('runs scheduled jobs by itself, once however many workers there are', async () => {
    await start('worker');
    const queue = await start('worker');
    const { delayed, waiting, active } = (await queue.counts()).maintenance;
    const scheduled = Object.values(JOBS).filter(({ everySeconds, cron }) => everySeconds ?? cron);
    const present = delayed + waiting + active;
    expect(present).toBeGreaterThanOrEqual(scheduled.length);
    // One that runs has its next run waiting beside it; two workers make no more of them.
    expect(present).toBeLessThanOrEqual(2 * scheduled.length);
    expect(await queue.isHealthy()).toBe(true);
  });

  it('says so when the queue is gone', async () => {
    const queue = await start('producer');
    await open.pop()!.close();
    expect(await queue.isHealthy()).toBe(false);
  });
});
