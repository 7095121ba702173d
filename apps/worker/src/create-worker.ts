import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AppConfig } from '#libs/config';
import { NestLogger } from '#libs/observability';
import { WorkerModule } from './worker.module.js';

/** The worker, running: it takes jobs until it is closed. */
export function createWorker(config: AppConfig): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(WorkerModule.forRoot(config), {
    abortOnError: false,
    logger: new NestLogger(),
  });
}
